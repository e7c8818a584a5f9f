import Hummingbird

/// The pages and their assets.
struct PageRoutes: Sendable {
    let pages: PageStore

    func add(to router: EndpointRouter) {
        for (endpoint, file) in [
            (Endpoint.home, "index"), (.deskPage, "desk"), (.wallPage, "wall"), (.rulesPage, "rules"),
        ] {
            router.open(endpoint) { call in try pages.answer("\(file).html", request: call.request) }
        }
        router.open(.assets) { call in
            let rest = call.context.parameters.getCatchAll().joined(separator: "/")
            return try pages.answer("assets/\(rest)", request: call.request)
        }
    }
}
