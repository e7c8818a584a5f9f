package import ContactCenter
import HTTPTypes
import Hummingbird

/// What can be asked of the server, for documents and tests.
package struct EndpointSummary: Hashable, Sendable {
    /// The HTTP method.
    package let method: String
    /// The path with its variables in braces.
    package let path: String
    /// The roles that may; nil where the endpoint asks for none.
    package let roles: Set<AccountRole>?
    /// True where the account must belong to an agent.
    package let needsAgent: Bool
    /// True where no session is needed.
    package let isOpen: Bool
}

extension WebServer {
    /// Every endpoint with who may use it.
    package static let endpoints: [EndpointSummary] = Endpoint.all.map { endpoint in
        let roles: Set<AccountRole>? =
            switch endpoint.access {
            case .roles(let roles): roles
            case .supervisorsDesk: [.supervisor, .administrator]
            case .open, .desk: nil
            }
        return EndpointSummary(
            method: endpoint.method.rawValue,
            path: endpoint.path,
            roles: roles,
            needsAgent: endpoint.access == .desk || endpoint.access == .supervisorsDesk,
            isOpen: endpoint.access == .open
        )
    }

    /// The routes that are served, as `GET /api/v1/wall`, sorted; a test holds them against the endpoints.
    package var servedRoutes: [String] {
        router().routes.map { "\($0.method.rawValue) \($0.path)" }.sorted()
    }
}
