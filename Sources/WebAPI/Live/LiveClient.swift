import ContactCenter
package import Kernel
package import NIOCore
import Synchronization

/// The mailbox of one event stream.
///
/// Walls and desks are whole states, so only the newest of each waits: a slow client costs one wall and one desk of
/// memory, and gets the truth when it reads again. Notices queue up to a bound. One task reads; any may put in.
package final class LiveClient: Sendable {
    /// Why a stream ends; the client is told where it still listens.
    enum Ending: String, Sendable {
        /// The token has ended.
        case expired
        /// The client took nothing for too long.
        case slow
        /// The site stops.
        case stopping
    }

    private struct State {
        var wall: ServerSentEvent?
        var desk: ServerSentEvent?
        var notices: [ServerSentEvent] = []
        var wallWasTaken = false
        var keepAlive = false
        var ending: Ending?
        var endingEvent: ServerSentEvent?
        var isOver = false
        var waitingSince: Instant?
        var takenAt: Instant
        var reader: CheckedContinuation<ByteBuffer?, Never>?
    }

    let account: AccountID
    let agent: AgentID?
    private let expiresAt: WallTime
    private let close: @Sendable () -> Void
    private let state: Mutex<State>

    /// - Parameter close: breaks the connection, for a client that does not even take the end.
    package init(session: Session, now: Instant, close: @escaping @Sendable () -> Void) {
        account = session.account
        agent = session.agent
        expiresAt = session.expiresAt
        self.close = close
        state = Mutex(State(takenAt: now))
    }

    /// Puts in a wall.
    func put(wall: ServerSentEvent, now: Instant) {
        put(now: now) { $0.wall = wall }
    }

    /// Puts in a desk.
    func put(desk: ServerSentEvent, now: Instant) {
        put(now: now) { $0.desk = desk }
    }

    /// Puts in a notice; beyond the bound the oldest goes.
    func put(notice: ServerSentEvent, now: Instant) {
        put(now: now) { state in
            if state.notices.count >= Limits.eventNoticesMax { state.notices.removeFirst() }
            state.notices.append(notice)
        }
    }

    /// True while no wall has been put in: the stream begins with one.
    var lacksWall: Bool {
        state.withLock { !$0.wallWasTaken && $0.wall == nil }
    }

    /// Looks at the clocks: sends a comment into a long silence; says why the stream must end, if it must.
    func check(now: Instant, wall: WallTime) -> Ending? {
        var reader: (CheckedContinuation<ByteBuffer?, Never>, ByteBuffer?)?
        let ending: Ending? = state.withLock { state in
            guard !state.isOver, state.ending == nil else { return nil }
            if wall >= expiresAt { return .expired }
            if let since = state.waitingSince, now - since > Limits.eventStreamStallSpan { return .slow }
            if now - state.takenAt >= Limits.keepAliveSpan {
                state.keepAlive = true
                reader = Self.serve(&state, now: now)
            }
            return nil
        }
        reader.map { $0.0.resume(returning: $0.1) }
        return ending
    }

    /// Ends the stream; `event` tells the client why.
    ///
    /// A client that reads nothing is cut off.
    func end(_ ending: Ending, event: ServerSentEvent, now: Instant) {
        put(now: now) { state in
            guard state.ending == nil else { return }
            state.ending = ending
            state.endingEvent = event
        }
        if ending == .slow { close() }
    }

    /// Ends the mailbox without a word: its connection is gone.
    func abandon() {
        let reader = state.withLock { state in
            state.isOver = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    /// What to write next; nil at the end.
    ///
    /// Waits until there is something.
    package func next(clock: WebClock) async -> ByteBuffer? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let served = state.withLock { state in
                    state.reader = continuation
                    return Self.serve(&state, now: clock.instant())
                }
                served.map { $0.0.resume(returning: $0.1) }
            }
        } onCancel: {
            abandon()
        }
    }

    private func put(now: Instant, _ change: (inout State) -> Void) {
        let served = state.withLock { state in
            guard !state.isOver else { return nil as (CheckedContinuation<ByteBuffer?, Never>, ByteBuffer?)? }
            change(&state)
            return Self.serve(&state, now: now)
        }
        served.map { $0.0.resume(returning: $0.1) }
    }

    /// Hands all that waits to a waiting reader; notes since when something waits for one that is not there.
    private static func serve(
        _ state: inout State,
        now: Instant
    ) -> (CheckedContinuation<ByteBuffer?, Never>, ByteBuffer?)? {
        // A desk before the first wall would meet a page that does not know the sites yet.
        let mayGo = state.wallWasTaken || state.wall != nil || state.ending != nil || state.isOver
        let isEmpty =
            state.wall == nil && state.desk == nil && state.notices.isEmpty && !state.keepAlive && state.ending == nil
        guard let reader = state.reader else {
            if !isEmpty, state.waitingSince == nil { state.waitingSince = now }
            return nil
        }
        if state.isOver {
            state.reader = nil
            return (reader, nil)
        }
        guard mayGo || state.keepAlive, !isEmpty else { return nil }
        state.reader = nil
        state.waitingSince = nil
        state.takenAt = now
        return (reader, Self.take(&state, mayGo: mayGo))
    }

    private static func take(_ state: inout State, mayGo: Bool) -> ByteBuffer {
        var buffer = ByteBuffer()
        if state.keepAlive { buffer.writeString(ServerSentEvent.keepAlive) }
        state.keepAlive = false
        guard mayGo else { return buffer }
        if state.wall != nil { state.wallWasTaken = true }
        for event in [state.wall, state.desk].compactMap(\.self) + state.notices { event.write(to: &buffer) }
        state.wall = nil
        state.desk = nil
        state.notices = []
        if state.ending != nil {
            state.endingEvent?.write(to: &buffer)
            state.isOver = true
        }
        return buffer
    }
}
