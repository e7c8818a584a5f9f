import Kernel
import Replication
import TestKit
import Testing

@Suite("Acknowledgements")
struct AcknowledgementsTests {
    let a = namedSite("a")
    let b = namedSite("b")
    let c = namedSite("c")

    private func dot(_ sequence: UInt64) -> Dot {
        Dot(origin: Origin(site: a, epoch: 1), sequence: sequence)
    }

    private let deadline = Instant(milliseconds: 250)

    @Test("One other disk is `one`, most disks are `majority`; time up gives what was reached")
    func levels() {
        var waiting = Acknowledgements(site: a, counted: [a, b, c], members: [a, b, c])
        #expect(waiting.wait(1, for: dot(1), level: .local, until: deadline) == .reached)
        #expect(waiting.wait(2, for: dot(1), level: .one, until: deadline) == .waiting)
        #expect(waiting.wait(3, for: dot(1), level: .majority, until: deadline) == .waiting)
        #expect(waiting.wait(4, for: dot(2), level: .majority, until: deadline) == .waiting)
        #expect(waiting.durable(b, [dot(1)]).map(\.id) == [2, 3])
        #expect(waiting.level(of: dot(1)) == .majority && waiting.level(of: dot(2)) == .local)
        #expect(waiting.nextDeadline == deadline)
        #expect(waiting.expire(at: Instant(milliseconds: 249)).isEmpty)
        let late = waiting.expire(at: deadline)
        #expect(late == [AcknowledgementResolution(id: 4, dot: dot(2), asked: .majority, reached: .local)])
        // The promotion can be awaited.
        #expect(waiting.wait(5, for: dot(2), level: .majority, until: Instant(milliseconds: 900)) == .waiting)
        #expect(waiting.durable(c, VersionVector([dot(2)])).map(\.reached) == [.majority])
        #expect(waiting.wait(6, for: dot(2), level: .majority, until: deadline) == .reached)
        #expect(waiting.count == 0 && waiting.nextDeadline == nil)
    }

    @Test("Of five, one other disk is not most of them")
    func five() {
        let sites = ["a", "b", "c", "d", "e"].compactMap { SiteID($0) }
        var waiting = Acknowledgements(site: a, counted: sites, members: sites)
        #expect(waiting.wait(1, for: dot(3), level: .majority, until: deadline) == .waiting)
        #expect(waiting.durable(b, [dot(9)]).isEmpty)
        #expect(waiting.expire(at: deadline).map(\.reached) == [.one])
    }

    @Test("A change of the membership changes who counts")
    func membership() {
        var waiting = Acknowledgements(site: a, counted: [a, b], members: [a, b])
        #expect(waiting.wait(1, for: dot(1), level: .majority, until: deadline) == .waiting)
        #expect(waiting.membershipChanged(counted: [a, b, c], members: [a, b, c]).isEmpty)
        #expect(waiting.membershipChanged(counted: [a], members: [a, b, c]).map(\.id) == [1])
        #expect(waiting.wait(2, for: dot(1), level: .one, until: deadline) == .waiting)
        #expect(waiting.expire(at: deadline).map(\.reached) == [.local])
        #expect(waiting.membershipChanged(counted: [a], members: [a]).isEmpty)
        #expect(waiting.wait(3, for: dot(1), level: .one, until: deadline) == .refused(.noOtherMember))
        #expect(waiting.durable(b, [dot(1)]).isEmpty && waiting.level(of: dot(1)) == .majority)
    }

    @Test("A clock that is off, and too many waiting, are reasons to refuse")
    func refused() {
        var waiting = Acknowledgements(site: a, counted: [a, b], members: [a, b])
        waiting.isClockTrusted = false
        #expect(waiting.wait(1, for: dot(1), level: .one, until: deadline) == .refused(.clockNotTrusted))
        #expect(waiting.wait(1, for: dot(1), level: .local, until: deadline) == .reached)
        waiting.isClockTrusted = true
        for id in 0..<UInt64(Limits.acknowledgementsMax) {
            _ = waiting.wait(id, for: dot(id + 1), level: .one, until: deadline)
        }
        let next = UInt64(Limits.acknowledgementsMax)
        #expect(waiting.wait(next, for: dot(next), level: .one, until: deadline) == .refused(.tooManyWaiting))
        waiting.forget(0)
        #expect(waiting.wait(next, for: dot(next), level: .one, until: deadline) == .waiting)
        #expect(waiting.durable(b, [dot(next)]).count == Limits.acknowledgementsMax)
    }

    /// What the value should do, said plainly and slowly.
    private struct Oracle {
        var waits: [UInt64: (dot: Dot, level: AcknowledgementLevel, until: Instant)] = [:]
        var vectors: [SiteID: VersionVector] = [:]
        var counted: [SiteID]
        var members: [SiteID]
        let site: SiteID

        func has(_ dot: Dot, _ level: AcknowledgementLevel) -> Bool {
            func onDisk(_ peer: SiteID) -> Bool { peer == site || vectors[peer]?.contains(dot) == true }
            return switch level {
            case .local: true
            case .one: members.contains { $0 != site && onDisk($0) }
            case .majority: counted.filter(onDisk).count > counted.count / 2
            }
        }

        mutating func resolve() -> Set<AcknowledgementResolution> {
            let facts = self
            return take { _, wait in facts.has(wait.dot, wait.level) ? wait.level : nil }
        }

        mutating func expire(at now: Instant) -> Set<AcknowledgementResolution> {
            let facts = self
            return take { _, wait in
                guard wait.until <= now else { return nil }
                return wait.level == .majority && facts.has(wait.dot, .one) ? .one : .local
            }
        }

        private mutating func take(
            _ reached: (UInt64, (dot: Dot, level: AcknowledgementLevel, until: Instant)) -> AcknowledgementLevel?
        ) -> Set<AcknowledgementResolution> {
            var out: Set<AcknowledgementResolution> = []
            for (id, wait) in waits {
                guard let level = reached(id, wait) else { continue }
                out.insert(AcknowledgementResolution(id: id, dot: wait.dot, asked: wait.level, reached: level))
            }
            for done in out { waits[done.id] = nil }
            return out
        }
    }

    @Test("It does what a plain oracle does, step by step", arguments: Seeds.first(60))
    func oracle(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let sites = ["a", "b", "c", "d", "e"].compactMap { SiteID($0) }
        var waiting = Acknowledgements(site: a, counted: sites, members: sites)
        var oracle = Oracle(counted: sites, members: sites, site: a)
        var now = Instant.zero
        func any(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        for step in 0..<400 {
            let origin = Origin(site: sites[any(0...1)], epoch: 1)
            let dot = Dot(origin: origin, sequence: UInt64(any(1...60)))
            switch any(0...9) {
            case 0...4:
                let id = UInt64(any(0...80))
                let level = AcknowledgementLevel.allCases[any(0...2)]
                let until = now + .milliseconds(Int64(any(1...60)))
                oracle.waits[id] = nil
                let answer = waiting.wait(id, for: dot, level: level, until: until)
                #expect(answer == (oracle.has(dot, level) ? .reached : .waiting))
                if answer == .waiting { oracle.waits[id] = (dot, level, until) }
            case 5, 6:
                let peer = sites[any(1...4)]
                // A peer's vector may also fall back: its disk was restored from a backup.
                let vector = VersionVector([dot])
                oracle.vectors[peer] = vector
                #expect(Set(waiting.durable(peer, vector)) == oracle.resolve())
            case 7:
                let id = UInt64(any(0...80))
                waiting.forget(id)
                oracle.waits[id] = nil
            case 8:
                now = now + .milliseconds(Int64(any(1...30)))
                #expect(Set(waiting.expire(at: now)) == oracle.expire(at: now))
            default:
                guard step % 5 == 0 else { break }
                // A peer that is no member is forgotten, with what was known of it.
                oracle.members = [a] + sites.dropFirst().filter { _ in any(0...5) > 0 }
                oracle.counted = oracle.members.filter { $0 == a || any(0...3) > 0 }
                oracle.vectors = oracle.vectors.filter { oracle.members.contains($0.key) }
                let done = waiting.membershipChanged(counted: oracle.counted, members: oracle.members)
                #expect(Set(done) == oracle.resolve())
                for peer in sites where !oracle.members.contains(peer) { oracle.vectors[peer] = nil }
            }
            oracle.vectors = oracle.vectors.filter { oracle.members.contains($0.key) }
            #expect(waiting.count == oracle.waits.count)
            #expect(waiting.nextDeadline == oracle.waits.values.map(\.until).min())
        }
    }
}
