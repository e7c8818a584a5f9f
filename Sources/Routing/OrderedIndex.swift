import Kernel

/// A sorted collection of unique elements: insert, remove and rank in time logarithmic in its size.
///
/// A treap (Seidel, Aragon, "Randomized search trees", 1996) whose nodes lie in one array; its balance comes from
/// its own seeded draws, so equal histories give equal trees. A heap would not do: routing must step past an
/// excluded head without taking it out, and must tell a caller the place in the queue.
package struct OrderedIndex<Element: Comparable & Sendable>: Sendable {
    private struct Node: Sendable {
        var element: Element
        var priority: UInt64
        var left: Int32 = -1
        var right: Int32 = -1
        var count: Int32 = 1
    }

    private var nodes: [Node] = []
    private var spare: [Int32] = []
    private var root: Int32 = -1
    /// The nodes of the smallest and the second smallest element: choices look at hardly any other, and a way down
    /// the tree would touch memory that is in no cache.
    private var smallest: Int32 = -1
    private var second: Int32 = -1
    private var random = SeededRandom(seed: 0x7A11_DE4)

    /// Makes an empty index.
    package init() {}

    /// How many elements there are.
    package var count: Int { Int(size(root)) }

    /// True when there is none.
    package var isEmpty: Bool { root < 0 }

    /// The smallest element.
    package var first: Element? { smallest >= 0 ? nodes[Int(smallest)].element : nil }

    /// True when the element is here.
    package func contains(_ element: Element) -> Bool {
        var node = root
        while node >= 0 {
            let index = Int(node)
            if element == nodes[index].element { return true }
            node = element < nodes[index].element ? nodes[index].left : nodes[index].right
        }
        return false
    }

    /// How many elements are smaller than this one, whether it is here or not.
    package func rank(of element: Element) -> Int {
        var node = root
        var smaller = 0
        while node >= 0 {
            let index = Int(node)
            if nodes[index].element < element {
                smaller += Int(size(nodes[index].left)) + 1
                node = nodes[index].right
            } else {
                node = nodes[index].left
            }
        }
        return smaller
    }

    /// Adds an element; false when it is already here.
    @discardableResult
    package mutating func insert(_ element: Element) -> Bool {
        guard !contains(element) else { return false }
        let fresh = Node(element: element, priority: random.next())
        let index: Int32
        if let reused = spare.popLast() {
            index = reused
            nodes[Int(index)] = fresh
        } else {
            index = Int32(nodes.count)
            nodes.append(fresh)
        }
        root = insert(index, below: root)
        if smallest < 0 || element < nodes[Int(smallest)].element {
            (smallest, second) = (index, smallest)
        } else if second < 0 || element < nodes[Int(second)].element {
            second = index
        }
        return true
    }

    /// Takes an element out; false when it is not here.
    @discardableResult
    package mutating func remove(_ element: Element) -> Bool {
        guard contains(element) else { return false }
        let isNearHead = second < 0 || !(nodes[Int(second)].element < element)
        root = remove(element, below: root)
        if isNearHead { (smallest, second) = (node(at: 0), node(at: 1)) }
        return true
    }

    /// The element that has `place` smaller ones; nil beyond the ends.
    package func element(at place: Int) -> Element? {
        let found =
            switch place {
            case 0: smallest
            case 1: second
            default: node(at: place)
            }
        return found >= 0 ? nodes[Int(found)].element : nil
    }

    /// The smallest `limit` elements in order, all when there are fewer.
    ///
    /// An array and not a closure over the elements: a closure's captures would be copied at each step of the descent.
    package func prefix(_ limit: Int) -> [Element] {
        var found: [Element] = []
        found.reserveCapacity(min(limit, count))
        collect(root, limit, &found)
        return found
    }

    /// All elements in order.
    package var elements: [Element] { prefix(count) }
}

extension OrderedIndex {
    private func size(_ node: Int32) -> Int32 {
        node < 0 ? 0 : nodes[Int(node)].count
    }

    private func node(at place: Int) -> Int32 {
        guard place >= 0, place < count else { return -1 }
        var node = root
        var smaller = place
        while node >= 0 {
            let left = Int(size(nodes[Int(node)].left))
            if smaller == left { return node }
            if smaller < left {
                node = nodes[Int(node)].left
            } else {
                smaller -= left + 1
                node = nodes[Int(node)].right
            }
        }
        return -1
    }

    private mutating func recount(_ node: Int32) {
        nodes[Int(node)].count = size(nodes[Int(node)].left) + size(nodes[Int(node)].right) + 1
    }

    private mutating func insert(_ fresh: Int32, below node: Int32) -> Int32 {
        guard node >= 0 else { return fresh }
        if nodes[Int(fresh)].priority > nodes[Int(node)].priority {
            let (left, right) = split(node, at: nodes[Int(fresh)].element)
            nodes[Int(fresh)].left = left
            nodes[Int(fresh)].right = right
            recount(fresh)
            return fresh
        }
        if nodes[Int(fresh)].element < nodes[Int(node)].element {
            nodes[Int(node)].left = insert(fresh, below: nodes[Int(node)].left)
        } else {
            nodes[Int(node)].right = insert(fresh, below: nodes[Int(node)].right)
        }
        recount(node)
        return node
    }

    /// Parts a tree into the elements below `element` and the others.
    private mutating func split(_ node: Int32, at element: Element) -> (Int32, Int32) {
        guard node >= 0 else { return (-1, -1) }
        if nodes[Int(node)].element < element {
            let (left, right) = split(nodes[Int(node)].right, at: element)
            nodes[Int(node)].right = left
            recount(node)
            return (node, right)
        }
        let (left, right) = split(nodes[Int(node)].left, at: element)
        nodes[Int(node)].left = right
        recount(node)
        return (left, node)
    }

    private mutating func remove(_ element: Element, below node: Int32) -> Int32 {
        guard node >= 0 else { return -1 }
        let here = nodes[Int(node)].element
        if element == here {
            spare.append(node)
            return join(nodes[Int(node)].left, nodes[Int(node)].right)
        }
        if element < here {
            nodes[Int(node)].left = remove(element, below: nodes[Int(node)].left)
        } else {
            nodes[Int(node)].right = remove(element, below: nodes[Int(node)].right)
        }
        recount(node)
        return node
    }

    /// Joins two trees of which the first holds only smaller elements.
    private mutating func join(_ left: Int32, _ right: Int32) -> Int32 {
        if left < 0 { return right }
        if right < 0 { return left }
        if nodes[Int(left)].priority > nodes[Int(right)].priority {
            nodes[Int(left)].right = join(nodes[Int(left)].right, right)
            recount(left)
            return left
        }
        nodes[Int(right)].left = join(left, nodes[Int(right)].left)
        recount(right)
        return right
    }

    private func collect(_ node: Int32, _ limit: Int, _ found: inout [Element]) {
        guard node >= 0, found.count < limit else { return }
        collect(nodes[Int(node)].left, limit, &found)
        guard found.count < limit else { return }
        found.append(nodes[Int(node)].element)
        collect(nodes[Int(node)].right, limit, &found)
    }
}
