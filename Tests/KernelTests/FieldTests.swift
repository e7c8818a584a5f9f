import Kernel
import TestKit
import Testing

@Suite("Mergeable fields")
struct FieldTests {
    private static let actor = Actor("ada")

    private static func dot(_ site: String, _ sequence: UInt64) throws -> Dot {
        Dot(origin: Origin(site: try #require(SiteID(site)), epoch: 1), sequence: sequence)
    }

    private static func write(_ value: String, _ dot: Dot, at stamp: UInt64) -> RegisterWrite {
        RegisterWrite(value: .string(value), dot: dot, stamp: HybridTimestamp(bits: stamp), actor: actor)
    }

    @Test("The later of two concurrent writes is shown, the other kept; ties go by dot")
    func concurrentWrites() throws {
        let first = Self.write("old", try Self.dot("north", 1), at: 1)
        let here = Self.write("here", try Self.dot("north", 2), at: 5)
        let there = Self.write("there", try Self.dot("south", 1), at: 5)
        for order in [[here, there], [there, here]] {
            var register = Register()
            register.write(first, seen: [], rule: .latest)
            for write in order { register.write(write, seen: [first.dot], rule: .latest) }
            #expect(register.current == there)
            #expect(register.lost == [here])
        }
    }

    @Test("A write that saw both settles them, and the order of arrival does not matter")
    func settledBySight() throws {
        let base = Self.write("a", try Self.dot("north", 1), at: 1)
        let next = Self.write("b", try Self.dot("north", 2), at: 2)
        let other = Self.write("c", try Self.dot("south", 1), at: 3)
        let later = Self.write("d", try Self.dot("north", 3), at: 4)
        // North writes b then d without sight of c; south writes c in sight of a.
        let inOrder: [(RegisterWrite, [Dot])] = [
            (base, []), (next, [base.dot]), (later, [next.dot]), (other, [base.dot]),
        ]
        let otherOrder = [inOrder[0], inOrder[3], inOrder[1], inOrder[2]]
        var registers: [Register] = []
        for order in [inOrder, otherOrder] {
            var register = Register()
            for (write, seen) in order { register.write(write, seen: seen, rule: .latest) }
            registers.append(register)
        }
        #expect(registers[0] == registers[1])
        #expect(registers[0].current == later)
        #expect(registers[0].lost == [other])
    }

    @Test("A value that yields loses against any other concurrent one, however late it is")
    func yielding() throws {
        let rule = MergeRule.yielding([.string("closed"), .string("resolved")])
        let reopened = Self.write("open", try Self.dot("north", 1), at: 1)
        let closed = Self.write("closed", try Self.dot("south", 1), at: 9)
        var register = Register()
        register.write(closed, seen: [], rule: rule)
        register.write(reopened, seen: [], rule: rule)
        #expect(register.current == reopened)
        // Whoever sees the reopened ticket and closes it decides about both.
        let seen = register.replaced(byWriterWhoSaw: reopened.dot, rule: rule)
        let again = Self.write("closed", try Self.dot("north", 2), at: 10)
        register.write(again, seen: seen, rule: rule)
        #expect(register.writes == [again])
    }

    @Test("The same value written twice at once is no conflict")
    func sameValue() throws {
        var register = Register()
        register.write(Self.write("x", try Self.dot("north", 1), at: 1), seen: [], rule: .latest)
        register.write(Self.write("x", try Self.dot("south", 1), at: 2), seen: [], rule: .latest)
        #expect(register.lost.isEmpty)
        #expect(register.shown.count == 2)
    }

    @Test("An insert that a removal had not seen survives it")
    func addWins() throws {
        let (one, two) = (try Self.dot("north", 1), try Self.dot("south", 1))
        var set = ObservedRemoveSet()
        set.insert(.string("vip"), dot: one)
        let seen = set.dots(of: .string("vip"))
        set.insert(.string("vip"), dot: two)
        set.remove(.string("vip"), dots: seen)
        #expect(set.members == [.string("vip")])
        set.remove(.string("vip"), dots: [two])
        #expect(set.members.isEmpty)
    }

    @Test("Merging two states of a set equals applying all ops to one", arguments: Seeds.first(100))
    func setStates(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let names = ["north", "south"]
        var sets = [ObservedRemoveSet(), ObservedRemoveSet()]
        var seen = [VersionVector(), VersionVector()]
        for round in 0..<3 {
            for side in 0..<2 {
                for step in 0..<4 {
                    let value = Value.int(Int64.random(in: 0..<4, using: &random))
                    let dot = try Self.dot(names[side], UInt64(round * 4 + step + 1))
                    seen[side].include(dot)
                    if Bool.random(using: &random) {
                        sets[side].insert(value, dot: dot)
                    } else {
                        sets[side].remove(value, dots: sets[side].dots(of: value))
                    }
                }
            }
            var (left, right) = (sets[0], sets[1])
            left.merge(sets[1], seen: seen[0], otherSeen: seen[1])
            right.merge(sets[0], seen: seen[1], otherSeen: seen[0])
            #expect(left == right)
            var again = left
            again.merge(left, seen: seen[0], otherSeen: seen[0])
            #expect(again == left)
            for side in 0..<2 {
                for element in sets[side].elements {
                    let unseen = element.dots.contains { !seen[1 - side].contains($0) }
                    if unseen { #expect(left.contains(element.value)) }
                }
            }
            sets = [left, left]
            seen[0].merge(seen[1])
            seen[1] = seen[0]
        }
    }

    @Test("A counter is the sum of what all sites added, in any order of merging", arguments: Seeds.first(50))
    func counter(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let origins = try ["north", "south", "east"].map { try Self.dot($0, 1).origin }
        var parts = [PNCounter](repeating: PNCounter(), count: 3)
        var sum: Int64 = 0
        for _ in 0..<60 {
            let side = Int.random(in: 0..<3, using: &random)
            let amount = Int64.random(in: -100...100, using: &random)
            parts[side].add(amount, origin: origins[side])
            sum += amount
        }
        var forward = parts[0]
        forward.merge(parts[1])
        forward.merge(parts[2])
        var backward = parts[2]
        backward.merge(parts[1])
        backward.merge(parts[0])
        backward.merge(parts[1])
        #expect(forward == backward)
        #expect(forward.value == sum)
    }

    @Test("The largest amounts wrap and do not end the process")
    func counterExtremes() throws {
        var counter = PNCounter()
        let origin = try Self.dot("north", 1).origin
        for _ in 0..<4 { counter.add(.max, origin: origin) }
        counter.add(.min, origin: origin)
        #expect(counter.shares.count == 1)
    }

    @Test("A log is in the order of stamps whatever the order of arrival, each entry once", arguments: Seeds.first(50))
    func log(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var entries: [LogEntry] = []
        for number in 1...20 {
            let dot = try Self.dot(["north", "south"][number % 2], UInt64(number))
            let stamp = HybridTimestamp(bits: UInt64.random(in: 1...10, using: &random))
            entries.append(LogEntry(dot: dot, index: 0, stamp: stamp, actor: Self.actor, value: .int(Int64(number))))
        }
        var log = AppendLog()
        for entry in entries.shuffled(using: &random) + entries.shuffled(using: &random) { log.append(entry) }
        #expect(log == AppendLog(entries: entries))
        #expect(log.entries.count == 20)
        #expect(zip(log.entries, log.entries.dropFirst()).allSatisfy { $0.precedes($1) })
    }

    @Test("Values have one order: total, strict and the same in both directions", arguments: Seeds.first(50))
    func valueOrder(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var values: [Value] = [
            .null, .bool(false), .bool(true), .int(.min), .double(.nan), .double(-0.0), .double(0.0),
        ]
        values += [.double(.infinity), .string(""), .string("é"), .bytes([0]), .list([]), .list([.int(1)]), .int(3)]
        values.shuffle(using: &random)
        for left in values {
            #expect(!left.precedes(left))
            for right in values where left.precedes(right) {
                #expect(!right.precedes(left))
                for third in values where right.precedes(third) { #expect(left.precedes(third)) }
            }
        }
    }
}
