/// A set in which an insert wins over a removal that had not seen it.
///
/// Each value carries the dots of its inserts; a removal names the dots that it saw. Ops arrive in causal order,
/// so a removal never precedes what it removes and nothing needs to be remembered of a removed value: no
/// tombstones. When two states are merged (a snapshot with a live copy), the version vectors of the two
/// documents tell a value that one side removed from one that it never saw (the "optimized OR-set" of Bieniusa
/// and others, 2012).
package struct ObservedRemoveSet: Hashable, Sendable {
    /// A value with the inserts that keep it in the set.
    package struct Element: Hashable, Sendable {
        /// The value.
        package let value: Value
        /// The ops that inserted it and were not seen by a removal, sorted; never empty.
        package fileprivate(set) var dots: [Dot]

        /// Makes an element from a stored value and its dots.
        package init(value: Value, dots: [Dot]) {
            self.value = value
            self.dots = dots.sorted()
        }
    }

    /// The elements in the order of `Value.precedes`.
    package private(set) var elements: [Element]

    /// The empty set.
    package init() {
        elements = []
    }

    /// Takes stored elements in any order.
    package init(elements: [Element]) {
        self.elements = elements.filter { !$0.dots.isEmpty }.sorted { $0.value.precedes($1.value) }
    }

    /// The values, in the order of `Value.precedes`.
    package var members: [Value] { elements.map(\.value) }

    /// True when the value is in the set.
    package func contains(_ value: Value) -> Bool {
        !dots(of: value).isEmpty
    }

    /// The inserts that keep a value in the set: what a removal that sees this set has to name.
    package func dots(of value: Value) -> [Dot] {
        let place = place(of: value)
        return holds(value, at: place) ? elements[place].dots : []
    }

    /// Inserts a value by the op `dot`.
    package mutating func insert(_ value: Value, dot: Dot) {
        let place = place(of: value)
        guard holds(value, at: place) else {
            elements.insert(Element(value: value, dots: [dot]), at: place)
            return
        }
        guard !elements[place].dots.contains(dot) else { return }
        elements[place].dots.append(dot)
        elements[place].dots.sort()
    }

    /// Takes away the named inserts of a value; it goes when none is left.
    package mutating func remove(_ value: Value, dots: [Dot]) {
        let place = place(of: value)
        guard holds(value, at: place) else { return }
        elements[place].dots.removeAll(where: dots.contains)
        if elements[place].dots.isEmpty { elements.remove(at: place) }
    }

    /// Merges another state of the same set: an insert stays if both have it, or if one has it and the other
    /// had not yet seen it.
    package mutating func merge(_ other: ObservedRemoveSet, seen: VersionVector, otherSeen: VersionVector) {
        var result: [Element] = []
        for element in elements {
            let theirs = other.dots(of: element.value)
            let kept = element.dots.filter { theirs.contains($0) || !otherSeen.contains($0) }
            let added = theirs.filter { !element.dots.contains($0) && !seen.contains($0) }
            result.append(Element(value: element.value, dots: kept + added))
        }
        for element in other.elements where !contains(element.value) {
            result.append(Element(value: element.value, dots: element.dots.filter { !seen.contains($0) }))
        }
        self = ObservedRemoveSet(elements: result)
    }

    /// The inserts that the vector does not have; nil when it has all.
    package func without(_ seen: VersionVector) -> ObservedRemoveSet? {
        let rest = elements.map { Element(value: $0.value, dots: $0.dots.filter { !seen.contains($0) }) }
            .filter { !$0.dots.isEmpty }
        return rest.isEmpty ? nil : ObservedRemoveSet(elements: rest)
    }

    private func holds(_ value: Value, at place: Int) -> Bool {
        place < elements.count && !value.precedes(elements[place].value) && !elements[place].value.precedes(value)
    }

    private func place(of value: Value) -> Int {
        var low = 0
        var high = elements.count
        while low < high {
            let middle = (low + high) / 2
            if elements[middle].value.precedes(value) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
