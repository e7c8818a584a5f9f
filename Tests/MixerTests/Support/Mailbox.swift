import Synchronization

/// Brings values from callbacks on a loop to a test that waits for them, in order.
///
/// A test waits for what should happen and for nothing else; its time limit cancels a wait in vain.
final class Mailbox<Item: Sendable>: Sendable {
    private struct State {
        var items: [Item] = []
        var waiter: CheckedContinuation<Item, any Error>?
        var isCancelled = false
    }

    private let state = Mutex(State())

    /// Delivers a value.
    func put(_ item: Item) {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            if state.waiter == nil { state.items.append(item) }
            return state.waiter
        }
        waiter?.resume(returning: item)
    }

    /// Takes the next value, waiting for it if need be.
    func next() async throws -> Item {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Item, any Error>? = state.withLock { state in
                    if !state.items.isEmpty { return .success(state.items.removeFirst()) }
                    if state.isCancelled { return .failure(CancellationError()) }
                    state.waiter = continuation
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.isCancelled = true
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Takes values until one satisfies the condition, and returns that one.
    func first(where condition: (Item) -> Bool) async throws -> Item {
        while true {
            let item = try await next()
            if condition(item) { return item }
        }
    }

    /// How many values wait.
    var count: Int { state.withLock { $0.items.count } }
}
