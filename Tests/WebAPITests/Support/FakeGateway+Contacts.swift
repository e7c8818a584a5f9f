import ContactCenter
import Kernel
import Synchronization
import Testing
import WebAPI

extension FakeGateway {
    func openContact(_ wish: ContactWish, by actor: Actor) async throws -> OpenedContactResource {
        try checkFailure()
        try #require(wish.channel != .voice && !actor.name.isEmpty && actor != .system, "nobody asks, or for a call")
        try #require(wish.title.count <= Limits.textTitleCharactersMax)
        let number = state.withLock {
            $0.wishesToOpen.append(wish)
            return $0.wishesToOpen.count
        }
        return OpenedContactResource(id: "north-7-\(number)", ticket: wish.ticket?.key ?? "made")
    }

    func closeContact(_ contact: ContactID, by ending: EndedBy, reason: String, actor: Actor) async throws {
        try checkFailure()
        try #require(ending != .network && actor != .system)
        guard contact.key == "north-7-1" else { throw GatewayError(.notFound, "There is no live text contact here.") }
        state.withLock { $0.closed.append("\(contact.key) \(ending.rawValue) \(reason)") }
    }

    func callBack(_ contact: ContactID, number: String, by actor: Actor) async throws -> OpenedContactResource {
        try checkFailure()
        guard contact.key == "north-1-1" else { throw GatewayError(.notFound, "There is no live contact here.") }
        state.withLock { $0.closed.append("\(contact.key) callback \(number)") }
        return OpenedContactResource(id: "north-7-9")
    }
}
