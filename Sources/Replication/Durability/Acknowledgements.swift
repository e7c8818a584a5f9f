package import Kernel

/// Commands that wait until their op is on the disks of other sites, judged by the vectors that peers tell.
///
/// The caller waits only for ops that are on this site's disk. Of one origin a peer has everything up to a number, so
/// for each origin and level there is one number up to which the level is reached: an update looks at the least
/// waiting number of each origin that is waited for, and costs O(log n) for each wait that it ends.
package struct Acknowledgements: Sendable {
    /// A number that is waited for; `serial` names the wait.
    struct Place: Comparable, Sendable {
        let number: Int64
        let serial: UInt64

        static func < (left: Place, right: Place) -> Bool {
            (left.number, left.serial) < (right.number, right.serial)
        }
    }

    private struct Wait: Sendable {
        let id: UInt64
        let dot: Dot
        let level: AcknowledgementLevel
    }

    private struct Lane: Hashable {
        let origin: Origin
        let level: AcknowledgementLevel
    }

    private let site: SiteID
    private var counted: Set<SiteID>
    private var members: Set<SiteID>
    private var vectors: [SiteID: VersionVector] = [:]
    private var waits: [UInt64: Wait] = [:]
    private var serials: [UInt64: UInt64] = [:]
    private var lanes: [Lane: MinHeap<Place>] = [:]
    private var deadlines = MinHeap<Place>()
    private var nextSerial: UInt64 = 0

    /// False while this site's clock is off: then nothing above `.local` is promised any more.
    ///
    /// What waits already goes on, as the clock does not change whose disk has it.
    package var isClockTrusted = true

    /// Starts with nobody waiting; `counted` are the sites of which `majority` means most (`Membership.active`),
    /// `members` all whose disks count as another one for `one` (`Membership.voters`).
    package init(site: SiteID, counted: [SiteID], members: [SiteID]) {
        self.site = site
        self.counted = Set(counted)
        self.members = Set(members).subtracting([site])
    }

    /// How many wait.
    package var count: Int { waits.count }

    /// When to call `expire`; nil when nobody waits.
    package var nextDeadline: Instant? {
        deadlines.first.map { Instant(milliseconds: $0.number) }
    }

    /// Waits for an op on this site's disk; also for one of long ago, whose first wait ended too early.
    ///
    /// A wait of the same id that is still under way ends without a resolution.
    package mutating func wait(
        _ id: UInt64,
        for dot: Dot,
        level: AcknowledgementLevel,
        until deadline: Instant
    ) -> AcknowledgementWait {
        forget(id)
        guard level > .local else { return .reached }
        guard isClockTrusted else { return .refused(.clockNotTrusted) }
        if level == .one, members.isEmpty { return .refused(.noOtherMember) }
        if dot.sequence <= reach(of: dot.origin, level) { return .reached }
        guard waits.count < Limits.acknowledgementsMax else { return .refused(.tooManyWaiting) }
        nextSerial += 1
        waits[nextSerial] = Wait(id: id, dot: dot, level: level)
        serials[id] = nextSerial
        let number = Int64(clamping: dot.sequence)
        lanes[Lane(origin: dot.origin, level: level), default: MinHeap()]
            .insert(Place(number: number, serial: nextSerial))
        deadlines.insert(Place(number: deadline.milliseconds, serial: nextSerial))
        return .waiting
    }

    /// Ends a wait without a resolution, say because whoever waited has gone.
    package mutating func forget(_ id: UInt64) {
        guard let serial = serials.removeValue(forKey: id) else { return }
        waits[serial] = nil
        tidy()
    }

    /// How far an op of this site's disk has got.
    package func level(of dot: Dot) -> AcknowledgementLevel {
        [.majority, .one].first { dot.sequence <= reach(of: dot.origin, $0) } ?? .local
    }

    /// How far an op of this site's disk has got, for somebody who asked for a level: never more than that, and `one`
    /// only when another disk has it, whatever most of the counted sites are.
    package func level(of dot: Dot, upTo asked: AcknowledgementLevel) -> AcknowledgementLevel {
        if asked == .majority, dot.sequence <= reach(of: dot.origin, .majority) { return .majority }
        if asked >= .one, dot.sequence <= reach(of: dot.origin, .one) { return .one }
        return .local
    }

    /// A peer told what it has on disk: a beacon's vector, in place of the one before.
    package mutating func durable(_ peer: SiteID, _ vector: VersionVector) -> [AcknowledgementResolution] {
        guard peer != site, members.contains(peer) || counted.contains(peer) else { return [] }
        vectors[peer] = vector
        return resolve()
    }

    /// A peer told of ops that it has on disk, with all before them.
    package mutating func durable(_ peer: SiteID, _ dots: [Dot]) -> [AcknowledgementResolution] {
        var vector = vectors[peer] ?? VersionVector()
        for dot in dots { vector.include(dot) }
        return durable(peer, vector)
    }

    /// The membership changed.
    package mutating func membershipChanged(counted: [SiteID], members: [SiteID]) -> [AcknowledgementResolution] {
        self.counted = Set(counted)
        self.members = Set(members).subtracting([site])
        vectors = vectors.filter { self.members.contains($0.key) || self.counted.contains($0.key) }
        return resolve()
    }

    /// Ends the waits whose time is up, with the level that they reached.
    package mutating func expire(at now: Instant) -> [AcknowledgementResolution] {
        var out: [AcknowledgementResolution] = []
        while let first = deadlines.first, first.number <= now.milliseconds {
            _ = deadlines.popFirst()
            guard let wait = waits[first.serial] else { continue }
            end(first.serial, wait, reached: level(of: wait.dot, upTo: below(wait.level)), &out)
        }
        tidy()
        return out
    }

    /// Up to which number ops of an origin have reached a level; 0 for none.
    private func reach(of origin: Origin, _ level: AcknowledgementLevel) -> UInt64 {
        switch level {
        case .local:
            return .max
        case .one:
            return members.reduce(0) { max($0, vectors[$1]?[origin] ?? 0) }
        case .majority:
            guard !counted.isEmpty else { return 0 }
            let others = Membership.majority(of: counted.count) - (counted.contains(site) ? 1 : 0)
            guard others > 0 else { return .max }
            let heads = counted.filter { $0 != site }.map { vectors[$0]?[origin] ?? 0 }.sorted(by: >)
            return others <= heads.count ? heads[others - 1] : 0
        }
    }

    private mutating func resolve() -> [AcknowledgementResolution] {
        var out: [AcknowledgementResolution] = []
        for lane in lanes.keys.sorted(by: { ($0.origin, $0.level) < ($1.origin, $1.level) }) {
            let reach = Int64(clamping: reach(of: lane.origin, lane.level))
            while let first = lanes[lane]?.first, first.number <= reach || waits[first.serial] == nil {
                _ = lanes[lane]?.popFirst()
                if let wait = waits[first.serial] { end(first.serial, wait, reached: wait.level, &out) }
            }
            if lanes[lane]?.first == nil { lanes[lane] = nil }
        }
        tidy()
        return out
    }

    private mutating func end(
        _ serial: UInt64,
        _ wait: Wait,
        reached: AcknowledgementLevel,
        _ out: inout [AcknowledgementResolution]
    ) {
        waits[serial] = nil
        serials[wait.id] = nil
        out.append(AcknowledgementResolution(id: wait.id, dot: wait.dot, asked: wait.level, reached: reached))
    }

    private func below(_ level: AcknowledgementLevel) -> AcknowledgementLevel {
        AcknowledgementLevel(rawValue: level.rawValue - 1) ?? .local
    }

    /// Removes what waits no more from the heaps, once it is more than half of them: O(1) for each wait, over time.
    private mutating func tidy() {
        while let first = deadlines.first, waits[first.serial] == nil { _ = deadlines.popFirst() }
        if deadlines.items.count > 2 * waits.count + 64 {
            deadlines = MinHeap(deadlines.items.filter { waits[$0.serial] != nil })
        }
        let places = lanes.values.reduce(0) { $0 + $1.items.count }
        guard places > 2 * waits.count + 64 else { return }
        for (lane, heap) in lanes {
            let rest = heap.items.filter { waits[$0.serial] != nil }
            lanes[lane] = rest.isEmpty ? nil : MinHeap(rest)
        }
    }
}
