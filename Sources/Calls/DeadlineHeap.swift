package import Kernel

/// Deadlines of many keys, the earliest at hand in constant time.
///
/// A key has at most one deadline. Setting another leaves the old entry in the heap; it is skipped when it comes
/// up, and the heap is rebuilt when more than half of it is stale, so its size stays in proportion to the keys.
package struct DeadlineHeap<Key: Hashable & Comparable & Sendable>: Sendable {
    private struct Entry: Sendable {
        var at: Instant
        var key: Key

        func precedes(_ other: Entry) -> Bool {
            (at, key) < (other.at, other.key)
        }
    }

    private var heap: [Entry] = []
    private var current: [Key: Instant] = [:]

    /// Makes an empty one.
    package init() {}

    /// The earliest deadline of all.
    package var next: Instant? { heap.first?.at }

    /// How many keys have a deadline.
    package var count: Int { current.count }

    /// The deadline of a key.
    package subscript(key: Key) -> Instant? { current[key] }

    /// Gives a key its deadline, in place of any other; nil takes it away.
    package mutating func set(_ key: Key, _ at: Instant?) {
        guard let at else {
            current[key] = nil
            dropStale()
            return
        }
        guard current[key] != at else { return }
        current[key] = at
        heap.append(Entry(at: at, key: key))
        siftUp(heap.count - 1)
        if heap.count > 64, heap.count > 2 * current.count { rebuild() }
        dropStale()
    }

    /// Takes out the key whose deadline is the earliest and not after `now`; ties go by key.
    package mutating func popDue(_ now: Instant) -> Key? {
        guard let first = heap.first, first.at <= now else { return nil }
        current[first.key] = nil
        removeFirst()
        dropStale()
        return first.key
    }

    private mutating func dropStale() {
        while let first = heap.first, current[first.key] != first.at { removeFirst() }
    }

    private mutating func rebuild() {
        let live = heap.filter { current[$0.key] == $0.at }
        heap = live.sorted { $0.precedes($1) }
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        siftDown(0)
    }

    private mutating func siftUp(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard heap[index].precedes(heap[parent]) else { return }
            heap.swapAt(index, parent)
            index = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count && heap[child].precedes(heap[least]) {
                least = child
            }
            guard least != index else { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}
