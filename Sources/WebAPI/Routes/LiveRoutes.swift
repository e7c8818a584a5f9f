/// The wall and the event stream.
struct LiveRoutes: Sendable {
    let services: WebServices

    func add(to router: EndpointRouter) {
        let services = services
        router.on(.wall) { _ in try .json(try await services.gateway.wall()) }
        router.on(.events) { call in
            try EventStream(hub: services.live, session: call.session, channel: call.context.channel).answer()
        }
    }
}
