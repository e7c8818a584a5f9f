package import Kernel

/// Which sites belong to the cluster, and in which state: the outcome of all decisions so far.
///
/// Equal histories are equal values and equal bytes (`bytes`).
package struct Membership: Hashable, Sendable {
    /// The founding members, sorted; none at a site that joins and has not heard from a member yet.
    package let founders: [SiteID]
    /// Every decision since, in order: the first has number 1.
    package private(set) var decisions: [MembershipDecision] = []
    private var states: [SiteID: MemberState]
    /// The hash over the founders and the first n decisions, for n from 0.
    private var lineages: [[UInt8]]

    /// Starts with the founders, all of them active.
    ///
    /// A new site that was added by a decision starts with none and learns the rest from its peers.
    package init(founders: [SiteID]) {
        self.founders = Set(founders).sorted()
        states = Dictionary(uniqueKeysWithValues: self.founders.map { ($0, .active) })
        lineages = [MembershipCodec.lineage(of: self.founders)]
    }

    /// The number of the newest decision; 0 when there are only founders.
    package var number: UInt64 { UInt64(decisions.count) }

    /// How far the history reaches.
    package var head: DecisionHead { DecisionHead(number: number, lineage: lineages[decisions.count]) }

    /// Compares histories, which is all there is to a membership.
    package static func == (left: Membership, right: Membership) -> Bool {
        left.founders == right.founders && left.decisions == right.decisions
    }

    /// Hashes the history.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(head)
    }

    /// The state of a site; nil when the cluster does not know it.
    package func state(of site: SiteID) -> MemberState? {
        states[site]
    }

    /// Every site that ever belonged, sorted.
    package var sites: [SiteID] { states.keys.sorted() }

    /// The sites that count for forgetting and for the acknowledgement level `majority`, sorted.
    package var active: [SiteID] { sites { $0 == .active } }

    /// The sites that decide on membership: all that are not retired, sorted.
    package var voters: [SiteID] { sites { $0 != .retired } }

    /// How many votes a decision needs: more than half of the voters.
    package var votesNeeded: Int { Membership.majority(of: voters.count) }

    /// How many active sites are most of them.
    package var majorityOfActive: Int { Membership.majority(of: active.count) }

    /// More than half of `count`.
    package static func majority(of count: Int) -> Int {
        count / 2 + 1
    }

    /// The newest decision on a site; nil for a founder that nothing was decided about, or a stranger.
    package func latestDecision(on site: SiteID) -> MembershipDecision? {
        decisions.last { $0.site == site }
    }

    /// Why a site that says hello is not talked to; nil when it is welcome.
    ///
    /// A site without founders, which has yet to learn who belongs, welcomes everybody.
    package func refusal(ofHelloFrom site: SiteID) -> MembershipRefusal? {
        if founders.isEmpty { return nil }
        guard let state = states[site] else { return .notAMember(site) }
        return state == .retired ? .retired(site, by: latestDecision(on: site)?.number ?? 0) : nil
    }

    /// Why a change is not possible now; nil when it is.
    package func refusal(of change: MembershipChange, on site: SiteID) -> MembershipRefusal? {
        if decisions.count >= Limits.membershipDecisionsMax { return .tooManyDecisions }
        guard let state = states[site] else {
            guard change == .add else { return .notAMember(site) }
            return voters.count >= Limits.sitesMax ? .tooManySites : nil
        }
        if state == .retired { return .retired(site, by: latestDecision(on: site)?.number ?? 0) }
        switch (change, state) {
        case (.add, _): return .alreadyAMember(site, state)
        case (.activate, .draining), (.activate, .suspended), (.suspend, .draining), (.retire, .draining),
            (.retire, .suspended):
            return nil
        case (.drain, .active), (.suspend, .active), (.retire, .active):
            return active == [site] ? .lastActive(site) : nil
        default:
            return .notIn(site, state, change)
        }
    }

    /// Takes the next decision; throws, and changes nothing, when it is not the next or not possible.
    package mutating func append(_ decision: MembershipDecision) throws(MembershipRefusal) {
        guard decision.number == number + 1 else { throw .outOfTurn(decision.number, expected: number + 1) }
        if let refusal = refusal(of: decision.change, on: decision.site) { throw refusal }
        states[decision.site] = decision.change.state
        lineages.append(MembershipCodec.lineage(after: lineages[decisions.count], decision))
        decisions.append(decision)
    }

    /// The membership after the first `count` decisions.
    package func prefix(_ count: Int) -> Membership {
        var result = Membership(founders: founders)
        for decision in decisions.prefix(count) { try? result.append(decision) }
        return result
    }

    /// The hash over the history up to a decision; nil beyond the newest.
    package func lineage(at number: UInt64) -> [UInt8]? {
        number <= self.number ? lineages[Int(number)] : nil
    }

    private func sites(_ isMeant: (MemberState) -> Bool) -> [SiteID] {
        states.filter { isMeant($0.value) }.keys.sorted()
    }
}
