package import ContactCenter
package import Kernel
import Replication
import Routing

/// Why a contact went where it went: what was decided is kept with it, the last word goes into its record.
extension SiteMachine {
    /// Keeps a decision with its contact, unless it says what the last one said.
    mutating func note(_ decision: Decision, _ now: Moment) {
        guard let live = contacts[decision.contact] else { return }
        if decision.candidate == nil, let last = live.decisions.last, last.agent == nil,
            last.rule == decision.waits?.rawValue ?? ""
        {
            return
        }
        var record = DecisionRecord(router.summary(of: decision, at: now), by: site)
        if decision.waits == .nobodyFits {
            record.nearest =
                router.explain(decision.contact, at: now).map { DecisionRecord($0, by: site).nearest } ?? []
            log(
                .warning,
                "contact.impossible",
                [
                    ("contact", decision.contact.key), ("demand", record.demand),
                    ("nearest", record.nearest.first ?? "nobody is signed in"),
                ]
            )
        }
        contacts[decision.contact]?.decisions.append(record)
        if live.decisions.count >= Limits.decisionsKept { contacts[decision.contact]?.decisions.removeFirst() }
    }

    /// The decision that brought a contact to its agent, for its record; nil while an older member could not take it.
    func decisionToKeep(_ live: LiveContact) -> Value? {
        guard records.writableLevel >= 2 else { return nil }
        return live.decisions.last { $0.agent != nil }?.value
    }

    /// What has been decided about a live contact, newest first, with what would be decided now for one that waits,
    /// here or at another site; empty when it is not known here.
    ///
    /// Costs time linear in agents: on request only.
    package mutating func decisions(about contact: ContactID, at now: Moment) -> [DecisionRecord] {
        let kept = contacts[contact]?.decisions.reversed() ?? []
        guard contacts[contact]?.stage ?? .waiting == .waiting, let present = router.explain(contact, at: now) else {
            return Array(kept)
        }
        return [DecisionRecord(present, by: site)] + kept
    }
}
