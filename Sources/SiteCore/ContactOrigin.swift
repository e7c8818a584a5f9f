import ContactCenter

/// Why a contact is here.
///
/// Only those that come from customers count in the figures of queues.
enum ContactOrigin: Hashable, Sendable {
    /// A customer called or wrote, or a callback stands for one.
    case incoming
    /// An agent asks somebody beside her call.
    case consult(by: AgentID, beside: ContactID)
    /// An agent calls a number from the desk.
    case placed(by: AgentID)
    /// An agent dialled on her own phone.
    case dialled(by: AgentID)

    /// The agent behind it.
    var agent: AgentID? {
        switch self {
        case .incoming: nil
        case .consult(let agent, _), .placed(let agent), .dialled(let agent): agent
        }
    }

    /// How the contact's record names it; nil for a customer's.
    var ownCall: OwnCallKind? {
        switch self {
        case .incoming: nil
        case .consult: .consult
        case .placed: .placed
        case .dialled: .dialled
        }
    }

    /// Whether the caller's leg is an agent's own phone.
    var callerIsAgent: Bool {
        switch self {
        case .consult, .dialled: true
        case .incoming, .placed: false
        }
    }
}

/// An agent's own call until its record is on disk.
struct OwnCall: Hashable, Sendable {
    /// The number outside.
    var number: String
    /// The promise of the agent to it; zero when her own phone is the caller.
    var reservation: Int64
    /// The login of the agent.
    var epoch: UInt64
}
