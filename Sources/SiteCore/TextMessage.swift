import ContactCenter
import Kernel
import Replication
import Routing

/// What the two sites of a text contact say to each other about one reservation.
///
/// The contact's site decides whose the contact is; the agent's site decides what the agent does. Frames arrive in
/// order or not at all; when a link comes back, both sides say again what they hold, so every message may come
/// twice, and one about an earlier reservation finds nothing.
struct TextMessage: Hashable, Sendable {
    /// A step; the raw values travel and are never reused.
    enum Step: Int64, Hashable, CaseIterable, Sendable {
        /// Contact's site: put it on the agent's desk.
        case offer = 1
        /// Agent's site: she takes it; and, after a cut, she still has it.
        case take = 2
        /// Contact's site: it is hers; and, after a cut, it still is.
        case agreed = 3
        /// Agent's site: she is done with it.
        case finished = 4
        /// Agent's site: it was not taken, or cannot be gone on with; it goes back to its queue.
        case returned = 5
        /// Contact's site: it is not hers, or no longer; also the answer to `finished` and `returned`.
        case gone = 6
    }

    var step: Step
    var contact: ContactID
    var agent: AgentID
    /// The number of the reservation at the agent's site.
    var reservation: Int64
    /// Why, for the log and the agent.
    var reason = ""

    private enum Field {
        static let step = FieldID(1)
        static let contact = FieldID(2)
        static let agent = FieldID(3)
        static let reservation = FieldID(5)
        static let reason = FieldID(6)
    }

    init(_ step: Step, _ contact: ContactID, _ agent: AgentID, _ reservation: Int64, reason: String = "") {
        self.step = step
        self.contact = contact
        self.agent = agent
        self.reservation = reservation
        self.reason = reason
    }

    init(_ step: Step, _ reservation: Reservation, reason: String = "") {
        let number = Int64(clamping: reservation.number)
        self.init(step, reservation.contact, reservation.agent, number, reason: reason)
    }

    /// The same reservation, another step.
    func answered(_ step: Step, reason: String = "") -> TextMessage {
        TextMessage(step, contact, agent, reservation, reason: reason)
    }

    var fields: FieldMap {
        var fields: FieldMap = [
            Field.step: .int(step.rawValue), Field.contact: .string(contact.key),
            Field.agent: .string(agent.key), Field.reservation: .int(reservation),
        ]
        if !reason.isEmpty { fields[Field.reason] = .string(reason) }
        return fields
    }

    /// Reads a message; nil for a step of a newer node or one that makes no sense.
    init?(fields: FieldMap) {
        guard let step = fields[Field.step]?.int.flatMap(Step.init(rawValue:)),
            let contact = fields[Field.contact]?.string.map({ ContactID($0) }),
            let agent = fields[Field.agent]?.string.map({ AgentID($0) }),
            let reservation = fields[Field.reservation]?.int
        else { return nil }
        self.init(step, contact, agent, reservation, reason: fields[Field.reason]?.string ?? "")
    }
}
