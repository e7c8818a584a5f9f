import Kernel

/// What is to happen in a simulated world, earliest first; what was planned first comes first at equal times.
struct EventQueue<Event: Sendable>: Sendable {
    private struct Entry: Sendable {
        var at: Instant
        var order: UInt64
        var event: Event

        func precedes(_ other: Entry) -> Bool {
            (at, order) < (other.at, other.order)
        }
    }

    private var heap: [Entry] = []
    private var planned: UInt64 = 0

    /// When the next thing happens.
    var nextAt: Instant? { heap.first?.at }

    mutating func plan(_ event: Event, at: Instant) {
        planned += 1
        heap.append(Entry(at: at, order: planned, event: event))
        var index = heap.count - 1
        while index > 0, heap[index].precedes(heap[(index - 1) / 2]) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func next() -> (at: Instant, event: Event)? {
        guard let first = heap.first else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count && heap[child].precedes(heap[least]) {
                least = child
            }
            guard least != index else { break }
            heap.swapAt(index, least)
            index = least
        }
        return (first.at, first.event)
    }
}
