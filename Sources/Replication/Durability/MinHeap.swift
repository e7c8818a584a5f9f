/// A binary heap: the least element first.
struct MinHeap<Element: Comparable & Sendable>: Sendable {
    private(set) var items: [Element] = []

    init(_ items: [Element] = []) {
        self.items = items.sorted()
    }

    var first: Element? { items.first }

    mutating func insert(_ element: Element) {
        items.append(element)
        var place = items.count - 1
        while place > 0, items[place] < items[(place - 1) / 2] {
            items.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func popFirst() -> Element? {
        guard let least = items.first, let last = items.popLast() else { return nil }
        guard !items.isEmpty else { return least }
        items[0] = last
        var place = 0
        while true {
            var smallest = place
            for child in [2 * place + 1, 2 * place + 2] where child < items.count && items[child] < items[smallest] {
                smallest = child
            }
            if smallest == place { return least }
            items.swapAt(place, smallest)
            place = smallest
        }
    }
}
