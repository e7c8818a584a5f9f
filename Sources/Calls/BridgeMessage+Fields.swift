package import Kernel
import ContactCenter
import SIP

/// How a bridge message travels inside a message between sites. Numbers are never reused.
extension BridgeMessage {
    private enum Field {
        static let verb = FieldID(1)
        static let contact = FieldID(2)
        static let attempt = FieldID(3)
        static let session = FieldID(4)
        static let status = FieldID(5)
        static let endedBy = FieldID(6)
        static let reason = FieldID(7)
        static let role = FieldID(8)
        static let phase = FieldID(9)
        static let agent = FieldID(10)
        static let reservation = FieldID(11)
        static let callerNumber = FieldID(12)
        static let callerName = FieldID(13)
        static let contentType = FieldID(14)
        static let otherContact = FieldID(15)
        static let otherAttempt = FieldID(16)
        static let peer = FieldID(17)
        static let isConference = FieldID(18)
    }

    private enum Verb: Int64 {
        case offer = 1
        case progress, answer, connected, reject, reoffer, reofferAnswer, reofferReject, end, status, unknown,
            acknowledge, info, handOver, handOverRefused, adopt, guestTaken, taken, stranded
    }

    /// The message as numbered values.
    package var fields: FieldMap {
        var fields: FieldMap = [
            Field.verb: .int(verb.rawValue), Field.contact: .string(bridge.contact.key),
            Field.attempt: .int(bridge.attempt),
        ]
        switch self {
        case .offer(let offer):
            fields[Field.agent] = .string(offer.agent.key)
            fields[Field.reservation] = .int(offer.reservation)
            fields[Field.session] = offer.session.map { .bytes($0) }
            fields[Field.callerNumber] = .string(offer.callerNumber)
            fields[Field.callerName] = .string(offer.callerName)
        case .answer(_, let session), .acknowledge(_, let session), .reoffer(_, let session),
            .reofferAnswer(_, let session):
            fields[Field.session] = .bytes(session)
        case .reject(_, let failure):
            fields[Field.reason] = .string(failure.rawValue)
        case .reofferReject(_, let status):
            fields[Field.status] = .int(Int64(status))
        case .end(_, let by, let reason):
            fields[Field.endedBy] = .string(by.rawValue)
            fields[Field.reason] = .string(reason)
        case .status(_, let role, let phase):
            fields[Field.role] = .string(role.rawValue)
            fields[Field.phase] = .string(phase.rawValue)
        case .progress(_, let session):
            fields[Field.session] = session.map { .bytes($0) }
        case .info(_, let info):
            fields[Field.contentType] = .string(info.contentType)
            fields[Field.session] = .bytes(info.body)
        case .handOver(_, let other):
            fields[Field.otherContact] = .string(other.bridge.contact.key)
            fields[Field.otherAttempt] = .int(other.bridge.attempt)
            fields[Field.peer] = .string(other.peer.name)
            fields[Field.agent] = other.agent.map { .string($0.key) }
            if other.isConference { fields[Field.isConference] = .bool(true) }
        case .adopt(_, let number, let name):
            fields[Field.callerNumber] = .string(number)
            fields[Field.callerName] = .string(name)
        case .stranded(_, let peer):
            fields[Field.peer] = .string(peer.name)
        case .connected, .unknown, .handOverRefused, .guestTaken, .taken:
            break
        }
        return fields
    }

    private var verb: Verb {
        switch self {
        case .offer: .offer
        case .progress: .progress
        case .answer: .answer
        case .connected: .connected
        case .reject: .reject
        case .reoffer: .reoffer
        case .reofferAnswer: .reofferAnswer
        case .reofferReject: .reofferReject
        case .end: .end
        case .status: .status
        case .unknown: .unknown
        case .acknowledge: .acknowledge
        case .info: .info
        case .handOver: .handOver
        case .handOverRefused: .handOverRefused
        case .adopt: .adopt
        case .guestTaken: .guestTaken
        case .taken: .taken
        case .stranded: .stranded
        }
    }

    /// Reads a message; nil when a field is missing or makes no sense, which a peer's bug or a newer version does.
    package init?(fields: FieldMap) {
        guard let verb = fields[Field.verb]?.int.flatMap(Verb.init(rawValue:)),
            let contact = fields[Field.contact]?.string, let attempt = fields[Field.attempt]?.int
        else { return nil }
        let bridge = BridgeID(contact: ContactID(contact), attempt: attempt)
        switch verb {
        case .offer:
            guard let agent = fields[Field.agent]?.string, let reservation = fields[Field.reservation]?.int else {
                return nil
            }
            self = .offer(
                BridgeOffer(
                    bridge: bridge,
                    agent: AgentID(agent),
                    reservation: reservation,
                    session: fields[Field.session]?.bytes,
                    callerNumber: fields[Field.callerNumber]?.string ?? "",
                    callerName: fields[Field.callerName]?.string ?? ""
                )
            )
        case .answer, .acknowledge, .reoffer, .reofferAnswer:
            guard let session = fields[Field.session]?.bytes else { return nil }
            self.init(verb: verb, bridge: bridge, session: session)
        case .progress: self = .progress(bridge, session: fields[Field.session]?.bytes)
        case .info, .handOver, .handOverRefused, .adopt, .guestTaken, .taken, .stranded:
            self.init(passing: verb, bridge, fields)
        case .connected: self = .connected(bridge)
        case .unknown: self = .unknown(bridge)
        case .reject:
            guard let failure = fields[Field.reason]?.string.flatMap(OfferFailure.init(rawValue:)) else { return nil }
            self = .reject(bridge, failure)
        case .reofferReject:
            guard let status = fields[Field.status]?.int, (300...699).contains(status) else { return nil }
            self = .reofferReject(bridge, status: Int(status))
        case .end:
            guard let by = fields[Field.endedBy]?.string.flatMap(EndedBy.init(rawValue:)) else { return nil }
            self = .end(bridge, by: by, reason: fields[Field.reason]?.string ?? "")
        case .status:
            guard let role = fields[Field.role]?.string.flatMap(BridgeRole.init(rawValue:)),
                let phase = fields[Field.phase]?.string.flatMap(BridgePhase.init(rawValue:))
            else { return nil }
            self = .status(bridge, role, phase)
        }
    }

    private init(verb: Verb, bridge: BridgeID, session: [UInt8]) {
        switch verb {
        case .answer: self = .answer(bridge, session: session)
        case .acknowledge: self = .acknowledge(bridge, session: session)
        case .reoffer: self = .reoffer(bridge, session: session)
        default: self = .reofferAnswer(bridge, session: session)
        }
    }

    /// The messages about passing a call on.
    private init?(passing verb: Verb, _ bridge: BridgeID, _ fields: FieldMap) {
        switch verb {
        case .info:
            guard let type = fields[Field.contentType]?.string, let body = fields[Field.session]?.bytes else {
                return nil
            }
            self = .info(bridge, SIPInfo(contentType: type, body: body))
        case .handOver:
            guard let contact = fields[Field.otherContact]?.string, let attempt = fields[Field.otherAttempt]?.int,
                let peer = fields[Field.peer]?.string.flatMap({ SiteID($0) })
            else { return nil }
            self = .handOver(
                bridge,
                HandOver(
                    bridge: BridgeID(contact: ContactID(contact), attempt: attempt),
                    peer: peer,
                    agent: fields[Field.agent]?.string.map { AgentID($0) },
                    isConference: fields[Field.isConference]?.bool ?? false
                )
            )
        case .handOverRefused: self = .handOverRefused(bridge)
        case .guestTaken: self = .guestTaken(bridge)
        case .taken: self = .taken(bridge)
        case .stranded:
            guard let peer = fields[Field.peer]?.string.flatMap({ SiteID($0) }) else { return nil }
            self = .stranded(bridge, at: peer)
        case .adopt:
            self = .adopt(
                bridge,
                number: fields[Field.callerNumber]?.string ?? "",
                name: fields[Field.callerName]?.string ?? ""
            )
        default: return nil
        }
    }
}
