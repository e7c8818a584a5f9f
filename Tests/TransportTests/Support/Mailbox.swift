import Synchronization

/// Brings values from callbacks on a loop to a test that waits for them, in order.
///
/// A test waits for what should happen and for nothing else; its time limit ends a wait in vain.
final class Mailbox<Item: Sendable>: Sendable {
    private struct State {
        var items: [Item] = []
        var waiter: CheckedContinuation<Item, Never>?
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
    func next() async -> Item {
        await withCheckedContinuation { continuation in
            let item: Item? = state.withLock { state in
                if state.items.isEmpty {
                    state.waiter = continuation
                    return nil
                }
                return state.items.removeFirst()
            }
            if let item { continuation.resume(returning: item) }
        }
    }

    /// Takes values until one satisfies the condition, and returns that one.
    func first(where condition: (Item) -> Bool) async -> Item {
        while true {
            let item = await next()
            if condition(item) { return item }
        }
    }

    /// How many values wait.
    var count: Int { state.withLock { $0.items.count } }
}
