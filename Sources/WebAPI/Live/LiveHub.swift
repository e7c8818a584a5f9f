package import ContactCenter
import Hummingbird
import Kernel
package import Logging
import NIOCore
import Synchronization

/// Spreads what changes to the pages that listen.
///
/// The site says only *that* something changed, from any thread, without waiting; the hub then asks for the state and
/// sends it. So a storm of changes costs four walls a second, not one per change, and nothing can be lost but states
/// that a newer one replaced. A wall is read and written once for all clients.
package final class LiveHub: Sendable {
    struct State {
        var clients: [UInt64: LiveClient] = [:]
        var nextClient: UInt64 = 0
        var nextEvent: UInt64 = 0
        var wallIsDirty = false
        var dirtyDesks: Set<AgentID> = []
        var lastWall: Instant?
        var dropped: [LiveClient.Ending: UInt64] = [:]
        var isStopping = false
    }

    let source: any LiveSource
    let incarnation: UInt64
    let clock: WebClock
    let logger: Logger
    let state = Mutex(State())
    let wallWake = Wake()
    let deskWake = Wake()

    /// Makes a hub that asks `source` for what it sends.
    package init(source: any LiveSource, incarnation: UInt64, clock: WebClock, logger: Logger) {
        self.source = source
        self.incarnation = incarnation
        self.clock = clock
        self.logger = logger
    }

    /// Says that the wall changed.
    package func wallChanged() {
        state.withLock { $0.wallIsDirty = true }
        wallWake.signal()
    }

    /// Says that an agent's desk changed.
    package func deskChanged(_ agent: AgentID) {
        let isWatched = state.withLock { state in
            guard state.clients.values.contains(where: { $0.agent == agent }) else { return false }
            state.dirtyDesks.insert(agent)
            return true
        }
        if isWatched { deskWake.signal() }
    }

    /// Sends a notice at once, to the pages of one agent or to all.
    package func notify(_ notice: NoticeResource, agent: AgentID? = nil) {
        guard let data = try? ResourceWriter.bytes(notice) else { return }
        let now = clock.instant()
        let event = event("notice", data)
        for client in clients where agent == nil || client.agent == agent { client.put(notice: event, now: now) }
    }

    /// How many pages listen.
    package var streams: Int { state.withLock { $0.clients.count } }

    var clients: [LiveClient] {
        state.withLock { state in state.clients.sorted { $0.key < $1.key }.map(\.value) }
    }

    /// Why one more stream of this session cannot be had; nil when it can.
    func refusal(of session: Session) -> Problem? {
        state.withLock { state in
            if state.isStopping { return .unavailable("The site is stopping.", retryAfter: .seconds(5)) }
            if state.clients.count >= Limits.eventStreamsMax {
                return .unavailable("Too many pages listen to this site.", retryAfter: .seconds(10))
            }
            let own = state.clients.values.count { $0.account == session.account }
            guard own < Limits.eventStreamsPerAccount else {
                return .tooMany(
                    "This account has \(own) event streams open; close one.",
                    retryAfter: Limits.keepAliveSpan
                )
            }
            return nil
        }
    }

    /// Takes in a client; its wall and desk are on their way.
    package func add(_ client: LiveClient) -> UInt64 {
        let id = state.withLock { state in
            defer { state.nextClient += 1 }
            state.clients[state.nextClient] = client
            if let agent = client.agent { state.dirtyDesks.insert(agent) }
            return state.nextClient
        }
        wallWake.signal()
        if client.agent != nil { deskWake.signal() }
        return id
    }

    /// Forgets a client.
    package func remove(_ id: UInt64) {
        let client = state.withLock { $0.clients.removeValue(forKey: id) }
        client?.abandon()
    }

    /// An event with the next id.
    func event(_ name: String, _ data: ByteBuffer) -> ServerSentEvent {
        let number = state.withLock { state in
            state.nextEvent += 1
            return state.nextEvent
        }
        return ServerSentEvent(id: "\(incarnation)-\(number)", name: name, data: data)
    }
}
