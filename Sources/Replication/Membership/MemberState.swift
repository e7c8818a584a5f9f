/// How a site belongs to the cluster.
package enum MemberState: String, Hashable, Sendable, CaseIterable {
    /// It takes part in everything.
    case active
    /// It finishes what it has and takes no new contacts.
    case draining
    /// It does not count: the others forget and acknowledge without it, and it rejoins by a snapshot if need be.
    case suspended
    /// It is gone for good; its name is never used again.
    case retired
}

/// What a decision changes about a site.
package enum MembershipChange: UInt8, Hashable, Sendable, CaseIterable {
    /// A site that the cluster does not know becomes active.
    case add = 1
    /// An active site drains.
    case drain = 2
    /// A draining or suspended site becomes active again.
    case activate = 3
    /// An active or draining site does not count any more.
    case suspend = 4
    /// A site leaves for good.
    case retire = 5

    /// The state after the change.
    package var state: MemberState {
        switch self {
        case .add, .activate: .active
        case .drain: .draining
        case .suspend: .suspended
        case .retire: .retired
        }
    }
}
