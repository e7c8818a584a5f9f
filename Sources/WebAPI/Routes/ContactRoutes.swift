import ContactCenter
import Kernel

/// Contacts and why they went where they went.
struct ContactRoutes: Sendable {
    let gateway: any SiteGateway

    func add(to router: EndpointRouter) {
        router.on(.contacts) { _ in try .json(ListResource(items: try await gateway.wall().contacts)) }
        router.on(.contact) { call in
            guard let contact = try await gateway.contact(ContactID(try call.variable("id"))) else {
                throw Problem.notFound("There is no such contact.")
            }
            return try .json(contact)
        }
        router.on(.explanation) { call in
            guard let explanation = try await gateway.explanation(ContactID(try call.variable("id"))) else {
                throw Problem.notFound("No decision about this contact is kept at this site.")
            }
            return try .json(explanation)
        }
    }
}
