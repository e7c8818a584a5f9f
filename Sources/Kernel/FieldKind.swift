/// How a field of a document merges; fixed per document type and field by the schema.
package enum FieldKind: UInt8, Hashable, Sendable, CaseIterable {
    /// One value, the latest writer's.
    case register = 1
    /// A set of values; an insert that a remover had not seen survives.
    case set = 2
    /// A number that sites add to.
    case counter = 3
    /// Entries that are only ever added.
    case log = 4
}

/// Which of several concurrent writes of a register is shown; the others are kept as conflicts.
package enum MergeRule: Hashable, Sendable {
    /// The latest stamp, ties by dot.
    case latest
    /// As `latest`, but these values yield to any other value written at the same time: a ticket that was
    /// reopened at one site while it was closed at another stays open.
    case yielding([Value])

    /// True when the first write stands before the second; a total order of writes with different dots.
    package func prefers(_ first: RegisterWrite, to second: RegisterWrite) -> Bool {
        if case .yielding(let weak) = self {
            let firstYields = weak.contains(first.value)
            let secondYields = weak.contains(second.value)
            if firstYields != secondYields { return secondYields }
        }
        return (first.stamp, first.dot) > (second.stamp, second.dot)
    }
}
