import Kernel

/// A promise of replicated records, checked while a run goes on and once more at its end.
///
/// A new promise is a new file and a line in `RecordsCheckers`. A checker only looks. Names begin with the number of
/// the invariant where it has one.
protocol RecordsChecker: Sendable {
    /// The promise's name in reports.
    var name: String { get }
    /// Must hold after every transaction; says what is wrong.
    mutating func after(_ transaction: WorldTransaction, _ world: RecordsWorld) -> String?
    /// Must hold at the end of every second; says what is wrong.
    mutating func eachSecond(_ world: RecordsWorld) -> String?
    /// Must hold once the healed cluster is at rest; says what is wrong.
    func finally(_ world: RecordsWorld) -> String?
}

extension RecordsChecker {
    mutating func after(_ transaction: WorldTransaction, _ world: RecordsWorld) -> String? { nil }
    mutating func eachSecond(_ world: RecordsWorld) -> String? { nil }
    func finally(_ world: RecordsWorld) -> String? { nil }
}

/// All promises, in the order in which they are checked.
struct RecordsCheckers: Sendable {
    private var checkers: [any RecordsChecker] = [
        PromisesSurvive(), EqualDigests(), HeadsOnlyRise(), OneHashPerDot(), CausesFirst(), StampsFollowCauses(),
        StampsBounded(), DeletedStaysDeleted(), LosersAreKept(), FloorBehindMembers(), CountersAddUp(),
        WithinBounds(), CalmLinks(), MergeLaws(), NumbersAreUnique(), EqualBytes(),
    ]

    /// The names of all promises.
    static var names: [String] { RecordsCheckers().checkers.map(\.name) }

    /// What the last step broke.
    mutating func afterStep(_ world: RecordsWorld) -> (invariant: String, message: String)? {
        if let broken = world.broken { return broken }
        for transaction in world.transactions {
            for index in checkers.indices {
                if let message = checkers[index].after(transaction, world) { return (checkers[index].name, message) }
            }
        }
        guard world.isTick else { return nil }
        for index in checkers.indices {
            if let message = checkers[index].eachSecond(world) { return (checkers[index].name, message) }
        }
        return nil
    }

    func finally(_ world: RecordsWorld) -> (invariant: String, message: String)? {
        for checker in checkers {
            if let message = checker.finally(world) { return (checker.name, message) }
        }
        return nil
    }
}
