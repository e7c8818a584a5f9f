import Kernel
import Replication
import Testing

@Suite("Membership")
struct MembershipTests {
    let north = namedSite("north")
    let south = namedSite("south")
    let east = namedSite("east")

    private func decision(_ number: UInt64, _ change: MembershipChange, _ site: SiteID) -> MembershipDecision {
        MembershipDecision(
            number: number,
            site: site,
            change: change,
            actor: Actor("anna"),
            at: HybridTimestamp(bits: number),
            isForced: false,
            proposer: north
        )
    }

    @Test("Founders are active; decisions move sites between the states, one number after the other")
    func states() throws {
        var membership = Membership(founders: [south, north])
        #expect(membership.number == 0 && membership.active == [north, south])
        try membership.append(decision(1, .add, east))
        try membership.append(decision(2, .drain, north))
        try membership.append(decision(3, .suspend, south))
        #expect(membership.active == [east])
        #expect(membership.voters == [east, north, south] && membership.votesNeeded == 2)
        try membership.append(decision(4, .activate, north))
        try membership.append(decision(5, .retire, south))
        #expect(membership.active == [east, north] && membership.majorityOfActive == 2)
        #expect(membership.state(of: south) == .retired && membership.voters == [east, north])
        #expect(throws: MembershipRefusal.outOfTurn(5, expected: 6)) {
            try membership.append(decision(5, .drain, north))
        }
        #expect(membership.number == 5)
    }

    @Test("What makes no sense is refused with the reason")
    func refusals() throws {
        var membership = Membership(founders: [north, south])
        try membership.append(decision(1, .retire, south))
        #expect(membership.refusal(of: .add, on: south) == .retired(south, by: 1))
        #expect(membership.refusal(of: .add, on: south)?.description.contains("not used again") == true)
        #expect(membership.refusal(ofHelloFrom: south) == .retired(south, by: 1))
        #expect(membership.refusal(ofHelloFrom: north) == nil)
        #expect(membership.refusal(ofHelloFrom: east) == .notAMember(east))
        #expect(membership.refusal(of: .add, on: north) == .alreadyAMember(north, .active))
        #expect(membership.refusal(of: .suspend, on: north) == .lastActive(north))
        #expect(membership.refusal(of: .activate, on: north) == .notIn(north, .active, .activate))
        #expect(membership.refusal(of: .drain, on: east) == .notAMember(east))
        #expect(Membership(founders: []).refusal(ofHelloFrom: east) == nil)
    }

    @Test("A cluster has a bound of sites")
    func bound() {
        let founders = (0..<Limits.sitesMax).compactMap { SiteID("s\($0)") }
        #expect(Membership(founders: founders).refusal(of: .add, on: north) == .tooManySites)
    }

    @Test("Equal histories are equal bytes and equal heads; every other history has another head")
    func bytes() throws {
        var membership = Membership(founders: [south, north])
        var heads = [membership.head]
        for (place, change) in [MembershipChange.drain, .activate, .suspend, .activate].enumerated() {
            try membership.append(decision(UInt64(place) + 1, change, south))
            heads.append(membership.head)
        }
        let bytes = MembershipCodec.encode(membership)
        let copy = try MembershipCodec.decode(bytes)
        #expect(copy == membership && copy.head == membership.head && copy.state(of: south) == .active)
        #expect(MembershipCodec.encode(copy) == bytes)
        #expect(Set(heads).count == 5)
        #expect(membership.prefix(2).head == heads[2] && membership.lineage(at: 3) == heads[3].lineage)
        #expect(Membership(founders: [north]).head != Membership(founders: [north, south]).head)
        for length in 0..<bytes.count {
            if let shorter = try? MembershipCodec.decode(Array(bytes.prefix(length))) {
                #expect(shorter != membership)
            }
        }
    }

    @Test("Bytes of a history with an impossible change are refused")
    func impossible() throws {
        var membership = Membership(founders: [north, south])
        try membership.append(decision(1, .drain, south))
        var bytes = MembershipCodec.encode(membership)
        // The change is the field 3 of the decision: its key and its value stand one after the other.
        let place = try #require(bytes.indices.dropLast().last { bytes[$0] == 0x18 && bytes[$0 + 1] == 2 })
        bytes[place + 1] = 3
        #expect(throws: FrameError.self) { try MembershipCodec.decode(bytes) }
        bytes[place + 1] = 99
        #expect(throws: FrameError.self) { try MembershipCodec.decode(bytes) }
    }
}
