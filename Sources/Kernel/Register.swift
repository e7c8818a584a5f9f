/// One write of a register: what, and who wrote it when and where.
package struct RegisterWrite: Hashable, Sendable {
    /// What was written.
    package let value: Value
    /// The op that wrote it; its origin tells the site.
    package let dot: Dot
    /// When, by the hybrid clock.
    package let stamp: HybridTimestamp
    /// Who.
    package let actor: Actor

    /// Makes a write.
    package init(value: Value, dot: Dot, stamp: HybridTimestamp, actor: Actor) {
        self.value = value
        self.dot = dot
        self.stamp = stamp
        self.actor = actor
    }
}

/// A field with one value: the last writer's, with those kept that lost against it unseen.
///
/// Each write names the writes that its author had seen; these go. What remains are writes that did not see
/// each other: the merge rule picks the one to show, the others are conflicts until somebody settles them.
/// What remains is a function of the set of writes and not of their order, which is why every site shows the
/// same value and lists the same conflicts.
package struct Register: Hashable, Sendable {
    /// The writes that no other write has seen: the one to show first, then the lost ones, most preferred first.
    package private(set) var writes: [RegisterWrite]

    /// A register that was never written.
    package init() {
        writes = []
    }

    /// Takes writes that were stored; the order is made anew.
    package init(writes: [RegisterWrite], rule: MergeRule) {
        self.writes = writes
        order(by: rule)
    }

    /// Takes writes stored in their order.
    package init(ordered writes: [RegisterWrite]) {
        self.writes = writes
    }

    /// The write to show.
    package var current: RegisterWrite? { writes.first }

    /// The writes that lost unseen against the current one and say something else.
    package var lost: [RegisterWrite] {
        guard let current else { return [] }
        return writes.dropFirst().filter { $0.value != current.value }
    }

    /// The writes that say what is shown.
    package var shown: [Dot] {
        writes.filter { $0.value == current?.value }.map(\.dot)
    }

    /// Which writes a new one replaces whose writer looked at the write `seen`; nil means the one shown.
    ///
    /// Where values yield to others, who saw the shown one decides about the lost ones with it: an old
    /// "reopened" that nobody settled must not undo every later "closed".
    package func replaced(byWriterWhoSaw seen: Dot?, rule: MergeRule) -> [Dot] {
        if let seen, !shown.contains(seen) { return writes.map(\.dot).filter { $0 == seen } }
        return rule == .latest ? shown : writes.map(\.dot)
    }

    /// Adds a write that replaces those of `seen`.
    package mutating func write(_ write: RegisterWrite, seen: [Dot], rule: MergeRule) {
        writes.removeAll { $0.dot == write.dot || seen.contains($0.dot) }
        writes.append(write)
        order(by: rule)
    }

    /// Drops lost writes that somebody has decided about.
    package mutating func settle(_ dots: [Dot], rule: MergeRule) {
        writes.removeAll { dots.contains($0.dot) }
        order(by: rule)
    }

    /// The writes that the vector does not have; nil when it has all.
    package func without(_ seen: VersionVector) -> Register? {
        let rest = writes.filter { !seen.contains($0.dot) }
        return rest.isEmpty ? nil : Register(ordered: rest)
    }

    private mutating func order(by rule: MergeRule) {
        if writes.count > 1 { writes.sort(by: rule.prefers) }
    }
}
