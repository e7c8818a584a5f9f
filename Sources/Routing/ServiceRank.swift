package import ContactCenter
package import Kernel

/// A waiting contact's place in the order of service; smaller is served earlier.
///
/// Its value is the time since which the contact waits, moved back by a head start for severity, customer tier,
/// queue priority and customer score. Severity and tier form the class: their steps are a minute and more, the score
/// only orders within a class. Since all contacts age at the same pace, the order of two contacts never changes
/// while they wait, so they can stand in a sorted index.
///
/// The bound (requirement B5): a contact is never overtaken by one that arrived more than `headStartMax` after it.
package struct ServiceRank: Hashable, Comparable, Sendable {
    /// `since` minus the head start, in Unix milliseconds.
    package let due: Int64
    /// Since when the contact waits, in Unix milliseconds: the elder first among equals.
    package let since: Int64
    /// The contact: one answer everywhere among equals.
    package let contact: ContactID

    /// The rank of a waiting contact.
    package init(_ waiting: WaitingContact) {
        since = waiting.since.milliseconds
        due = waiting.since.milliseconds &- ServiceRank.headStart(of: waiting).milliseconds
        contact = waiting.contact
    }

    /// The head start of a contact, between zero and `headStartMax`.
    package static func headStart(of waiting: WaitingContact) -> Span {
        headStart(severity: waiting.severity)
            + headStart(tier: waiting.customerTier)
            + Span.seconds(30) * Int64(min(max(waiting.queuePriority, 0), 10))
            + Span.milliseconds(300) * Int64(min(max(waiting.score, 0), 100))
    }

    /// The largest head start there is: 10 min for severity, 4 for the tier, 5 for the queue, half for the score.
    package static let headStartMax = Span.milliseconds(1_170_000)

    /// What severity is worth.
    package static func headStart(severity: Severity) -> Span {
        switch severity {
        case .critical: .minutes(10)
        case .high: .minutes(4)
        case .normal: .minutes(1)
        case .low: .zero
        }
    }

    /// What the customer's tier is worth.
    package static func headStart(tier: CustomerTier) -> Span {
        switch tier {
        case .platinum: .minutes(4)
        case .gold: .minutes(2)
        case .silver: .minutes(1)
        case .standard: .zero
        }
    }

    /// Orders by the moved time, then the true one, then the contact.
    package static func < (left: ServiceRank, right: ServiceRank) -> Bool {
        if left.due != right.due { return left.due < right.due }
        if left.since != right.since { return left.since < right.since }
        return left.contact < right.contact
    }
}
