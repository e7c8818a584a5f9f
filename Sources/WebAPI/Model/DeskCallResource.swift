/// What can be done with a call on the desk.
package struct DeskCallResource: Codable, Hashable, Sendable {
    /// `talking` or `held`.
    package var state: String
    /// Whoever is asked beside the call.
    @Nullable package var consult: DeskConsultResource?
    /// True while customer, agent and whoever was consulted speak in one call.
    package var conference: Bool
    /// `off`, `on`, `paused`, or `stopped` when the media relay failed.
    package var recording: String
    /// The names of those who supervise it.
    package var supervisedBy: [String]

    /// Puts one together.
    package init(
        state: String,
        consult: DeskConsultResource? = nil,
        conference: Bool = false,
        recording: String = "off",
        supervisedBy: [String] = []
    ) {
        self.state = state
        self.consult = consult
        self.conference = conference
        self.recording = recording
        self.supervisedBy = supervisedBy
    }
}

/// A consultation beside a call.
package struct DeskConsultResource: Codable, Hashable, Sendable {
    /// The contact of the consultation.
    package var contact: String
    /// Who is asked, for people.
    package var target: String
    /// `ringing`, `talking` or `failed`.
    package var state: String
    /// With whom the agent speaks: `customer` or `consult`.
    package var active: String

    /// Puts one together.
    package init(contact: String, target: String, state: String, active: String) {
        self.contact = contact
        self.target = target
        self.state = state
        self.active = active
    }
}

/// The call of somebody else that a desk supervises.
package struct DeskSupervisionResource: Codable, Hashable, Sendable {
    /// The contact.
    package var contact: String
    /// The agent who has it.
    package var agentName: String
    /// `listen`, `whisper` or `barge`.
    package var mode: String
    /// True once the supervisor's phone has been answered.
    package var joined: Bool

    /// Puts one together.
    package init(contact: String, agentName: String, mode: String, joined: Bool) {
        self.contact = contact
        self.agentName = agentName
        self.mode = mode
        self.joined = joined
    }
}
