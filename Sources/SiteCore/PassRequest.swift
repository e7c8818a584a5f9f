import Calls
import ContactCenter
import Kernel
import SIP

/// An agent's site asks the contact's site to pass a call on.
struct PassRequest: Hashable, Sendable {
    /// Numbers the requests of the asking site; the answer repeats it.
    var request: Int64
    /// The bridge over which they talk.
    var bridge: BridgeID
    /// Whom the customer shall talk to.
    var target: CallTarget

    private enum Field {
        static let request = FieldID(1)
        static let contact = FieldID(2)
        static let attempt = FieldID(3)
        static let agent = FieldID(4)
        static let queue = FieldID(5)
        static let number = FieldID(6)
    }

    /// As numbered values; numbers are never reused.
    var fields: FieldMap {
        var fields: FieldMap = [
            Field.request: .int(request), Field.contact: .string(bridge.contact.key),
            Field.attempt: .int(bridge.attempt),
        ]
        switch target {
        case .agent(let agent): fields[Field.agent] = .string(agent.key)
        case .queue(let queue): fields[Field.queue] = .string(queue.key)
        case .number(let number): fields[Field.number] = .string(number)
        }
        return fields
    }

    init(request: Int64, bridge: BridgeID, target: CallTarget) {
        self.request = request
        self.bridge = bridge
        self.target = target
    }

    /// Reads a request; nil when something is missing.
    init?(fields: FieldMap) {
        guard let request = fields[Field.request]?.int, let contact = fields[Field.contact]?.string,
            let attempt = fields[Field.attempt]?.int
        else { return nil }
        self.request = request
        bridge = BridgeID(contact: ContactID(contact), attempt: attempt)
        if let agent = fields[Field.agent]?.string {
            target = .agent(AgentID(agent))
        } else if let queue = fields[Field.queue]?.string {
            target = .queue(QueueID(queue))
        } else if let number = fields[Field.number]?.string {
            target = .number(number)
        } else {
            return nil
        }
    }
}

/// A call that is being passed on to an agent who has yet to be promised; kept at the contact's site.
struct PendingPass: Hashable, Sendable {
    /// The request for the reservation.
    var reservation: Int64
    /// Who is asked.
    var agent: AgentID
    var fence: SiteID
    /// The bridge that ends when she is promised.
    var bridge: BridgeID
    /// Who asked, and under which number.
    var asker: SiteID
    var request: Int64
}

/// Who waits at the agent's site to hear what became of passing a call on.
enum PassWaiter: Hashable, Sendable {
    /// A desk's command.
    case desk(CommandToken)
    /// A phone's REFER on this leg.
    case phone(SIPLegID)
}
