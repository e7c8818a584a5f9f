import Kernel

/// Turns memberships into bytes and back, and hashes them (protobuf, `Protobuf/membership.proto`).
package enum MembershipCodec {
    /// A membership's bytes; equal memberships have equal bytes.
    package static func encode(_ membership: Membership) -> [UInt8] {
        Wire.bytes(WireMembershipHistory(membership))
    }

    /// The membership of some bytes; throws when they mean nothing, break a bound, or hold an impossible change.
    package static func decode(_ bytes: [UInt8]) throws(FrameError) -> Membership {
        let wire: WireMembershipHistory = try Wire.message(bytes, "membership")
        return try wire.membership()
    }

    /// The hash that a history begins with.
    static func lineage(of founders: [SiteID]) -> [UInt8] {
        let names = founders.map(\.name).joined(separator: " ")
        return OpChain.link(after: Array("tandem membership".utf8), body: Array(names.utf8))
    }

    /// The hash of a history with one more decision.
    static func lineage(after previous: [UInt8], _ decision: MembershipDecision) -> [UInt8] {
        OpChain.link(after: previous, body: Wire.bytes(WireMembershipDecision(decision)))
    }
}

extension WireMembershipHistory {
    init(_ membership: Membership) {
        self.init()
        founders = membership.founders.map(\.name)
        decisions = membership.decisions.map(WireMembershipDecision.init)
    }

    func membership() throws(FrameError) -> Membership {
        var result = Membership(founders: try Wire.founders(founders))
        for wire in decisions {
            let decision = try wire.decision()
            do throws(MembershipRefusal) {
                try result.append(decision)
            } catch {
                throw .malformed("membership: \(error)")
            }
        }
        return result
    }
}

extension WireMembershipDecision {
    init(_ decision: MembershipDecision) {
        self.init()
        number = decision.number
        site = decision.site.name
        change = UInt32(decision.change.rawValue)
        actor = decision.actor.name
        at = decision.at.bits
        forced = decision.isForced
        proposer = decision.proposer.name
    }

    func decision() throws(FrameError) -> MembershipDecision {
        guard (1...UInt64(Limits.membershipDecisionsMax)).contains(number) else {
            throw .malformed("decision \(number)")
        }
        guard let byte = UInt8(exactly: change), let change = MembershipChange(rawValue: byte) else {
            throw .malformed("change \(change) of the membership")
        }
        guard actor.utf8.count <= Limits.membershipActorBytesMax else { throw .malformed("long name of an actor") }
        return MembershipDecision(
            number: number,
            site: try Wire.site(site),
            change: change,
            actor: Actor(actor),
            at: HybridTimestamp(bits: at),
            isForced: forced,
            proposer: try Wire.site(proposer)
        )
    }
}

extension Wire {
    /// Reads founders, which are sorted and each named once.
    static func founders(_ names: [String]) throws(FrameError) -> [SiteID] {
        let sites = try sites(names)
        guard zip(sites, sites.dropFirst()).allSatisfy({ $0 < $1 }) else { throw .malformed("order of founders") }
        return sites
    }

    /// Reads decisions that follow the one of number `base`, each with the next number.
    static func decisions(
        _ wire: [WireMembershipDecision],
        after base: UInt64
    ) throws(FrameError)
        -> [MembershipDecision]
    {
        var result: [MembershipDecision] = []
        for (place, item) in wire.enumerated() {
            let decision = try item.decision()
            guard decision.number == base + UInt64(place) + 1 else { throw .malformed("order of decisions") }
            result.append(decision)
        }
        return result
    }
}
