import Kernel

/// The queue that the Erlang formulae describe: one pool, first come first served, no time lost between two contacts.
///
/// Fed with the arrivals, handling times and patience of a simulated run it gives the waits that the run would have
/// had without sites. Its long mean is known (Erlang C or A), so it serves as control variate: what is left of the
/// run's mean after taking this one's away has a far smaller error (Glasserman, Monte Carlo Methods, §4.1).
struct IdealQueue: Sendable {
    /// When each agent is free, in milliseconds; a heap, the earliest first.
    private var freeAt: [Int64]

    init(agents: Int) {
        freeAt = [Int64](repeating: .min, count: max(1, agents))
    }

    /// Takes the next contact in the order of arrival; returns its wait in milliseconds, and whether it gave up.
    mutating func add(arrival: Int64, handling: Int64, patience: Int64?) -> (wait: Int64, gaveUp: Bool) {
        let wait = max(0, freeAt[0] == .min ? 0 : freeAt[0] - arrival)
        if let patience, patience < wait { return (patience, true) }
        replaceFirst(with: arrival + wait + handling)
        return (wait, false)
    }

    private mutating func replaceFirst(with value: Int64) {
        freeAt[0] = value
        var index = 0
        while true {
            var least = index
            let left = 2 * index + 1
            if left < freeAt.count, freeAt[left] < freeAt[least] { least = left }
            if left + 1 < freeAt.count, freeAt[left + 1] < freeAt[least] { least = left + 1 }
            guard least != index else { return }
            freeAt.swapAt(index, least)
            index = least
        }
    }
}
