/// Where a ticket stands (requirement D3).
package enum TicketState: String, Hashable, CaseIterable, Sendable {
    /// Raised, nobody has taken it.
    case new
    /// Somebody works on it.
    case open
    /// Waits for the customer.
    case pendingCustomer
    /// Waits for another department.
    case pendingOther
    /// Solved, as far as the owner knows.
    case resolved
    /// The customer was called back and agrees.
    case confirmed
    /// Done; only a reopen changes it.
    case closed

    /// The states that a ticket may enter next.
    ///
    /// `open` from a finished state is a reopen.
    package var successors: [TicketState] {
        switch self {
        case .new: [.open, .pendingCustomer, .pendingOther, .resolved]
        case .open: [.pendingCustomer, .pendingOther, .resolved]
        case .pendingCustomer: [.open, .pendingOther, .resolved]
        case .pendingOther: [.open, .pendingCustomer, .resolved]
        case .resolved: [.open, .confirmed, .closed]
        case .confirmed: [.open, .closed]
        case .closed: [.open]
        }
    }

    /// True while the centre still owes the customer something.
    package var isUnfinished: Bool {
        switch self {
        case .new, .open, .pendingCustomer, .pendingOther: true
        case .resolved, .confirmed, .closed: false
        }
    }

    /// The states that yield to any other written at the same time elsewhere: a reopen at one site beats a close at
    /// another, because forgetting a customer is worse than working on a ticket twice.
    package static let yielding: [TicketState] = [.resolved, .confirmed, .closed]
}
