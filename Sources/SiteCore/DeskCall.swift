package import ContactCenter

/// What an agent's desk needs to know of a call beside its contact: which buttons make sense.
package struct DeskCall: Hashable, Sendable {
    /// How the line between agent and customer stands.
    package enum Line: String, Hashable, Sendable {
        /// They speak.
        case talking
        /// The customer waits.
        case held
    }

    /// Whether the call is written to disk.
    package enum Recording: String, Hashable, Sendable {
        /// It is not.
        case off
        /// It is.
        case on
        /// It will be again; the agent stopped it for a while.
        case paused
        /// It was, until the relay failed; nothing more is written.
        case stopped
    }

    /// How the line stands.
    package var state: Line
    /// Whoever is asked beside the call.
    package var consult: Consult?
    /// True while customer, agent and whoever was consulted speak in one call.
    package var isConference: Bool
    /// Whether it is recorded.
    package var recording: Recording
    /// The names of those who supervise it, sorted.
    package var supervisedBy: [String]

    /// Puts one together.
    package init(
        state: Line,
        consult: Consult? = nil,
        isConference: Bool = false,
        recording: Recording = .off,
        supervisedBy: [String] = []
    ) {
        self.state = state
        self.consult = consult
        self.isConference = isConference
        self.recording = recording
        self.supervisedBy = supervisedBy
    }
}

extension DeskCall {
    /// A consultation beside a call.
    package struct Consult: Hashable, Sendable {
        /// How far it has come.
        package enum State: String, Hashable, Sendable {
            /// The other telephone rings.
            case ringing
            /// Agent and consulted can speak.
            case talking
            /// It came to nothing; the customer is still there.
            case failed
        }

        /// With whom the agent speaks.
        package enum Side: String, Hashable, Sendable {
            /// With the customer.
            case customer
            /// With whoever is consulted.
            case consult
        }

        /// The contact of the consultation.
        package var contact: ContactID
        /// Who is asked, for people: a name or a number.
        package var target: String
        /// How far it has come.
        package var state: State
        /// With whom the agent speaks now.
        package var active: Side

        /// Puts one together.
        package init(contact: ContactID, target: String, state: State, active: Side) {
            self.contact = contact
            self.target = target
            self.state = state
            self.active = active
        }
    }
}

/// The call of somebody else that an agent's desk supervises.
package struct DeskSupervision: Hashable, Sendable {
    /// The contact.
    package var contact: ContactID
    /// The name of the agent who has it.
    package var agentName: String
    /// How the supervisor takes part.
    package var mode: SupervisionMode
    /// True once her phone has been answered.
    package var isJoined: Bool

    /// Puts one together.
    package init(contact: ContactID, agentName: String, mode: SupervisionMode, isJoined: Bool) {
        self.contact = contact
        self.agentName = agentName
        self.mode = mode
        self.isJoined = isJoined
    }
}
