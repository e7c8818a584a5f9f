/// What an agent is doing, as far as the viewer knows.
package enum AgentState: Hashable, Sendable {
    /// Not signed in anywhere.
    case loggedOut
    /// Signed in, not taking contacts, for a reason from the list of break reasons.
    case notReady(reason: String)
    /// Free.
    case ready
    /// Promised to a contact whose call is on its way.
    case reserved
    /// The phone rings.
    case ringing
    /// In conversation.
    case talking
    /// In conversation, which is on hold.
    case held
    /// Finishing the work of the last contact.
    case wrapUp
    /// Set aside because the phone rang and nobody answered.
    case notResponding
    /// Logged in at a site that cannot be reached from here: unknown, not free.
    case unreachable
}

/// An agent's state without its reason: what tables count and the wire carries.
package enum AgentStateKind: UInt8, Hashable, CaseIterable, Sendable {
    /// See `AgentState.loggedOut`.
    case loggedOut = 1
    /// See `AgentState.notReady`.
    case notReady = 2
    /// See `AgentState.ready`.
    case ready = 3
    /// See `AgentState.reserved`.
    case reserved = 4
    /// See `AgentState.ringing`.
    case ringing = 5
    /// See `AgentState.talking`.
    case talking = 6
    /// See `AgentState.held`.
    case held = 7
    /// See `AgentState.wrapUp`.
    case wrapUp = 8
    /// See `AgentState.notResponding`.
    case notResponding = 9
    /// See `AgentState.unreachable`.
    case unreachable = 10

    /// The name that pages and the API show: `notReady`.
    package var name: String {
        switch self {
        case .loggedOut: "loggedOut"
        case .notReady: "notReady"
        case .ready: "ready"
        case .reserved: "reserved"
        case .ringing: "ringing"
        case .talking: "talking"
        case .held: "held"
        case .wrapUp: "wrapUp"
        case .notResponding: "notResponding"
        case .unreachable: "unreachable"
        }
    }

    /// True for states that something must end: a contact, a promise, paperwork.
    ///
    /// Each has an expiry.
    package var isBusy: Bool {
        switch self {
        case .reserved, .ringing, .talking, .held, .wrapUp: true
        case .loggedOut, .notReady, .ready, .notResponding, .unreachable: false
        }
    }
}

extension AgentState {
    /// The state without its reason.
    package var kind: AgentStateKind {
        switch self {
        case .loggedOut: .loggedOut
        case .notReady: .notReady
        case .ready: .ready
        case .reserved: .reserved
        case .ringing: .ringing
        case .talking: .talking
        case .held: .held
        case .wrapUp: .wrapUp
        case .notResponding: .notResponding
        case .unreachable: .unreachable
        }
    }

    /// Why the agent is not ready; nil in every other state.
    package var reason: String? {
        if case .notReady(let reason) = self { reason } else { nil }
    }

    /// Puts a state together from its parts; the reason matters only for `notReady`.
    package init(kind: AgentStateKind, reason: String?) {
        switch kind {
        case .loggedOut: self = .loggedOut
        case .notReady: self = .notReady(reason: reason ?? "")
        case .ready: self = .ready
        case .reserved: self = .reserved
        case .ringing: self = .ringing
        case .talking: self = .talking
        case .held: self = .held
        case .wrapUp: self = .wrapUp
        case .notResponding: self = .notResponding
        case .unreachable: self = .unreachable
        }
    }
}
