import Kernel

/// Finds queues that overflow into each other in a ring, where a contact would go round for ever.
struct OverflowRings {
    private let targets: [QueueID: [QueueID]]
    private let order: [QueueID]

    init(_ queues: [Queue]) {
        let known = Set(queues.map(\.id))
        let paths = queues.map { ($0.id, $0.overflowQueues.filter(known.contains)) }
        targets = Dictionary(paths.filter { !$0.1.isEmpty }) { first, _ in first }
        order = targets.keys.sorted()
    }

    /// One finding for each ring: for every queue in some ring, the shortest that it is part of.
    var findings: [RoutingFinding] {
        var seen: Set<[QueueID]> = []
        var found: [RoutingFinding] = []
        for queue in order {
            guard let ring = shortest(through: queue), seen.insert(ring).inserted else { continue }
            let path = (ring + ring.prefix(1)).map(\.key).joined(separator: " → ")
            let message =
                ring.count == 1
                ? "The queue \(ring[0]) overflows into itself."
                : "These queues overflow into each other in a ring: \(path)."
            var finding = RoutingFinding(
                code: .overflowCycle,
                subject: ring[0].documentID,
                field: "overflow",
                names: ["queue": ring[0].key, "path": path],
                message: message
            )
            finding.others = ring.map(\.documentID)
            found.append(finding)
        }
        return found
    }

    /// The shortest way from a queue back to itself, beginning with the smallest key of those on it.
    private func shortest(through start: QueueID) -> [QueueID]? {
        var cameFrom: [QueueID: QueueID] = [:]
        var frontier = [start]
        while !frontier.isEmpty {
            var next: [QueueID] = []
            for queue in frontier {
                for target in targets[queue] ?? [] {
                    if target == start { return ring(from: start, endingAt: queue, cameFrom) }
                    guard cameFrom[target] == nil else { continue }
                    cameFrom[target] = queue
                    next.append(target)
                }
            }
            frontier = next
        }
        return nil
    }

    private func ring(from start: QueueID, endingAt last: QueueID, _ cameFrom: [QueueID: QueueID]) -> [QueueID] {
        var ring = [last]
        while let queue = ring.last, queue != start, let before = cameFrom[queue] { ring.append(before) }
        ring.reverse()
        guard let smallest = ring.min(), let place = ring.firstIndex(of: smallest) else { return ring }
        return Array(ring[place...] + ring[..<place])
    }
}
