import Calls
import ContactCenter
import Kernel
import SIP
import TestKit
import Testing

@Suite("Several phones ring for one caller: laws")
struct RingAllLawTests {
    /// Four phones at two sites, answers, refusals, cuts and every order of delivery.
    private struct Walk {
        var sites: TwoSites
        var random: SeededRandom
        var isUp = true
        let phones: [(site: SiteID, leg: SIPLegID)]
        /// The phones that were picked up or have refused: neither happens twice.
        var isDone: Set<Int> = []

        init(seed: UInt64) throws {
            sites = try TwoSites()
            random = SeededRandom(seed: seed)
            sites.ringAll(at: [sites.south, sites.north, sites.south, sites.north])
            phones = [
                (sites.south, SIPLegID(2)), (sites.north, SIPLegID(2)), (sites.south, SIPLegID(4)),
                (sites.north, SIPLegID(4)),
            ]
        }

        private mutating func luck(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

        mutating func step() {
            let number = luck(4)
            let phone = phones[number]
            switch luck(12) {
            case 0, 1: sites.happens(.ringing(phone.leg, status: 180, sdp: nil), at: phone.site)
            case 2, 3, 4:
                if isDone.insert(number).inserted { sites.picksUp(phone.leg, at: phone.site) }
            case 5:
                guard isDone.insert(number).inserted else { return }
                sites.happens(.failed(phone.leg, status: 486, reason: ""), at: phone.site)
            case 6 where isUp:
                sites.down()
                isUp = false
            case 6,
                7 where !isUp:
                sites.up()
                isUp = true
            case 8: sites.pass(.milliseconds(Int64(luck(2_000))))
            default: deliverOne()
            }
        }

        /// Carries the oldest message of one direction.
        private mutating func deliverOne() {
            let to = luck(2) == 0 ? sites.north : sites.south
            guard let index = sites.wire.firstIndex(where: { $0.to == to }) else { return }
            let next = sites.wire.remove(at: index)
            sites.at(next.to) { $0.receive(next.message, from: next.from, now: $1) }
        }
    }

    @Test(
        "at most one agent is ever joined, the caller's half knows which, and nothing stays up",
        arguments: Seeds.first(300)
    )
    func oneWins(seed: UInt64) throws {
        var walk = try Walk(seed: seed)
        for _ in 0..<40 {
            walk.step()
            let joined = walk.sites.joinedBridges
            #expect(joined.count <= 1)
            let known = walk.sites.machines[walk.sites.north]?.joinedBridge(of: walk.sites.contact)
            #expect(joined.isEmpty || joined.first == known)
        }
        if !walk.isUp { walk.sites.up() }
        for _ in 0..<12 {
            walk.sites.deliver()
            walk.sites.pass(.seconds(2))
        }
        walk.sites.deliver()
        let sites = walk.sites
        let known = sites.machines[sites.north]?.joinedBridge(of: sites.contact)
        #expect(sites.joinedBridges == [known].compactMap { $0 })
        // An answer whose confirmation was lost for too long ends the call, as with one phone.
        let isOver = !sites.ends(sites.north).isEmpty
        let halves = sites.machines.values.reduce(0) { $0 + $1.halfCount }
        #expect(halves == (isOver ? 0 : 1 + sites.joinedBridges.count))
        let answers = sites.commands(sites.north).count { if case .answer = $0 { true } else { false } }
        #expect(answers == (known == nil && !isOver ? 0 : 1))
        // Each phone that was rung is done with exactly once, and each branch has one word at the caller's site.
        let ends = sites.legEnds(sites.north).count + sites.legEnds(sites.south).count
        #expect(ends == 4 - sites.joinedBridges.count)
        #expect(sites.failures(sites.north).count == 4 - answers)
    }
}
