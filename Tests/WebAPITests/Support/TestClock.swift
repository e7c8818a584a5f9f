import Kernel
import Synchronization
import WebAPI

/// A clock that stands still until a test moves it; who waits by it is woken when its time has come.
final class TestClock: Sendable {
    private struct State {
        var instant = Instant.zero
        var wall = WallTime(milliseconds: 1_800_000_000_000)
        var sleepers: [UInt64: (until: Instant, continuation: CheckedContinuation<Void, Never>)] = [:]
        var next: UInt64 = 0
    }

    private let state = Mutex(State())

    var clock: WebClock {
        WebClock(
            wall: { self.state.withLock { $0.wall } },
            instant: { self.state.withLock { $0.instant } },
            sleep: { try await self.sleep($0) }
        )
    }

    var wall: WallTime { state.withLock { $0.wall } }
    var instant: Instant { state.withLock { $0.instant } }

    /// How many tasks wait by this clock.
    var sleepers: Int { state.withLock { $0.sleepers.count } }

    func advance(_ span: Span) {
        let woken = state.withLock { state in
            state.instant = state.instant + span
            state.wall = state.wall + span
            let due = state.sleepers.filter { $0.value.until <= state.instant }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    private func sleep(_ span: Span) async throws {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard !Task.isCancelled else { return true }
                    state.sleepers[id] = (state.instant + span, continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume()
        }
        try Task.checkCancellation()
    }
}

/// Waits for a condition that other tasks bring about; fails the test when they never do.
func eventually(_ what: String, _ condition: () -> Bool) async throws {
    for _ in 0..<200_000 {
        if condition() { return }
        await Task.yield()
    }
    throw NeverHappened(what: what)
}

struct NeverHappened: Error {
    var what: String
}
