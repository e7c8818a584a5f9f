import Calls
import ContactCenter
import Kernel
import Replication

/// What the cores of two sites say to each other.
///
/// It travels as `SiteMessage`. Numbers are never reused.
enum SiteTalk: Hashable, Sendable {
    /// The contact's site asks the agent's site for a reservation.
    case reserve(ReserveRequest)
    /// The agent's site granted it.
    case granted(request: Int64, contact: ContactID, agent: AgentID, reservation: Int64)
    /// The agent's site refused it.
    case refused(request: Int64, contact: ContactID, agent: AgentID, reason: String)
    /// The contact's site no longer wants the agent.
    case release(contact: ContactID, agent: AgentID)
    /// An agent has become free and the agent's site thinks that this contact is the most deserving one.
    case pull(contact: ContactID, agent: AgentID, epoch: UInt64, version: UInt64)
    /// The halves of a call talk.
    case bridge(BridgeMessage)
    /// The halves of a text contact talk.
    case text(TextMessage)
    /// The agent's site asks the contact's site to pass a call on.
    case pass(PassRequest)
    /// It is being done, or why not.
    case passed(request: Int64, refusal: String?)
    /// The agent's site asks that a recording be paused, or go on.
    case pauseRecording(BridgeID, Bool)
    /// The contact's site tells how the recording of a call stands, and whether that is not what was asked for.
    case recording(BridgeID, DeskCall.Recording, isRefused: Bool)
    /// The contact's site tells who takes part in a call of more than two.
    case parties(PartiesTalk)
    /// A supervisor's site asks the contact's site to let her in.
    case supervise(SuperviseRequest)

    private enum Kind {
        static let reserve: UInt16 = 1
        static let granted: UInt16 = 2
        static let refused: UInt16 = 3
        static let release: UInt16 = 4
        static let pull: UInt16 = 5
        static let bridge: UInt16 = 6
        static let text: UInt16 = 7
        static let pass: UInt16 = 8
        static let passed: UInt16 = 9
        static let pauseRecording: UInt16 = 10
        static let recording: UInt16 = 11
        static let parties: UInt16 = 12
        static let supervise: UInt16 = 13
    }

    private enum Field {
        static let request = FieldID(1)
        static let contact = FieldID(2)
        static let agent = FieldID(3)
        static let epoch = FieldID(4)
        static let reservation = FieldID(5)
        static let reason = FieldID(6)
        static let version = FieldID(7)
        static let attempt = FieldID(8)
        static let isPaused = FieldID(9)
        static let state = FieldID(10)
        static let isRefused = FieldID(11)
    }

    /// The message on the wire.
    var message: SiteMessage {
        switch self {
        case .reserve(let request):
            var fields = request.brief.fields
            fields[Field.request] = .int(request.request)
            fields[Field.contact] = .string(request.contact.key)
            fields[Field.agent] = .string(request.agent.key)
            fields[Field.epoch] = .int(Int64(clamping: request.epoch))
            return SiteMessage(kind: Kind.reserve, fields: fields)
        case .granted(let request, let contact, let agent, let reservation):
            var fields = Self.names(contact, agent)
            fields[Field.request] = .int(request)
            fields[Field.reservation] = .int(reservation)
            return SiteMessage(kind: Kind.granted, fields: fields)
        case .refused(let request, let contact, let agent, let reason):
            var fields = Self.names(contact, agent)
            fields[Field.request] = .int(request)
            fields[Field.reason] = .string(reason)
            return SiteMessage(kind: Kind.refused, fields: fields)
        case .release(let contact, let agent):
            return SiteMessage(kind: Kind.release, fields: Self.names(contact, agent))
        case .pull(let contact, let agent, let epoch, let version):
            var fields = Self.names(contact, agent)
            fields[Field.epoch] = .int(Int64(clamping: epoch))
            fields[Field.version] = .int(Int64(clamping: version))
            return SiteMessage(kind: Kind.pull, fields: fields)
        case .bridge(let message):
            return SiteMessage(kind: Kind.bridge, fields: message.fields)
        case .text(let message):
            return SiteMessage(kind: Kind.text, fields: message.fields)
        case .pass(let request):
            return SiteMessage(kind: Kind.pass, fields: request.fields)
        case .passed(let request, let refusal):
            var fields: FieldMap = [Field.request: .int(request)]
            fields[Field.reason] = refusal.map { .string($0) }
            return SiteMessage(kind: Kind.passed, fields: fields)
        case .pauseRecording(let bridge, let isPaused):
            var fields = Self.names(bridge)
            fields[Field.isPaused] = .bool(isPaused)
            return SiteMessage(kind: Kind.pauseRecording, fields: fields)
        case .recording(let bridge, let state, let isRefused):
            var fields = Self.names(bridge)
            if isRefused { fields[Field.isRefused] = .bool(true) }
            fields[Field.state] = .string(state.rawValue)
            return SiteMessage(kind: Kind.recording, fields: fields)
        case .parties(let talk): return SiteMessage(kind: Kind.parties, fields: talk.fields)
        case .supervise(let request): return SiteMessage(kind: Kind.supervise, fields: request.fields)
        }
    }

    private static func names(_ contact: ContactID, _ agent: AgentID) -> FieldMap {
        [Field.contact: .string(contact.key), Field.agent: .string(agent.key)]
    }

    private static func names(_ bridge: BridgeID) -> FieldMap {
        [Field.contact: .string(bridge.contact.key), Field.attempt: .int(bridge.attempt)]
    }

    /// Reads what is said about a recording; nil when something is missing.
    private init?(recording kind: UInt16, _ fields: FieldMap) {
        guard let contact = fields[Field.contact]?.string, let attempt = fields[Field.attempt]?.int else { return nil }
        let bridge = BridgeID(contact: ContactID(contact), attempt: attempt)
        if kind == Kind.pauseRecording, let isPaused = fields[Field.isPaused]?.bool {
            self = .pauseRecording(bridge, isPaused)
        } else if kind == Kind.recording,
            let state = fields[Field.state]?.string.flatMap(DeskCall.Recording.init(rawValue:))
        {
            self = .recording(bridge, state, isRefused: fields[Field.isRefused]?.bool ?? false)
        } else {
            return nil
        }
    }

    /// Reads a message; nil for a kind of a newer node or one that makes no sense.
    init?(_ message: SiteMessage) {
        let fields = message.fields
        if message.kind == Kind.bridge {
            guard let bridge = BridgeMessage(fields: fields) else { return nil }
            self = .bridge(bridge)
            return
        }
        if message.kind == Kind.text {
            guard let text = TextMessage(fields: fields) else { return nil }
            self = .text(text)
            return
        }
        if message.kind == Kind.pass {
            guard let request = PassRequest(fields: fields) else { return nil }
            self = .pass(request)
            return
        }
        if message.kind == Kind.passed {
            guard let request = fields[Field.request]?.int else { return nil }
            self = .passed(request: request, refusal: fields[Field.reason]?.string)
            return
        }
        if message.kind == Kind.parties || message.kind == Kind.supervise {
            let talk = PartiesTalk(fields: fields).map { SiteTalk.parties($0) }
            let request = SuperviseRequest(fields: fields).map { SiteTalk.supervise($0) }
            guard let read = message.kind == Kind.parties ? talk : request else { return nil }
            self = read
            return
        }
        if message.kind == Kind.pauseRecording || message.kind == Kind.recording {
            self.init(recording: message.kind, fields)
            return
        }
        guard let contact = fields[Field.contact]?.string.map({ ContactID($0) }),
            let agent = fields[Field.agent]?.string.map({ AgentID($0) })
        else { return nil }
        let request = fields[Field.request]?.int ?? 0
        let epoch = UInt64(clamping: fields[Field.epoch]?.int ?? 0)
        switch message.kind {
        case Kind.reserve:
            guard let brief = ContactBrief(fields: fields) else { return nil }
            self = .reserve(
                ReserveRequest(request: request, contact: contact, agent: agent, epoch: epoch, brief: brief)
            )
        case Kind.granted:
            guard let reservation = fields[Field.reservation]?.int else { return nil }
            self = .granted(request: request, contact: contact, agent: agent, reservation: reservation)
        case Kind.refused:
            self = .refused(
                request: request,
                contact: contact,
                agent: agent,
                reason: fields[Field.reason]?.string ?? ""
            )
        case Kind.release: self = .release(contact: contact, agent: agent)
        case Kind.pull:
            let version = UInt64(clamping: fields[Field.version]?.int ?? 0)
            self = .pull(contact: contact, agent: agent, epoch: epoch, version: version)
        default: return nil
        }
    }
}

/// A wish for a reservation.
struct ReserveRequest: Hashable, Sendable {
    /// Numbers the requests of the asking site; the answer repeats it.
    var request: Int64
    var contact: ContactID
    var agent: AgentID
    /// The login that the asker saw; any other refuses.
    var epoch: UInt64
    var brief: ContactBrief
}

/// What an agent's desk shows of a contact before the answer, and what the agent's site needs to serve it.
struct ContactBrief: Hashable, Sendable {
    var queue: QueueID
    var callerNumber: String
    var customer: CustomerID?
    var customerName: String?
    var ticket: TicketID?
    var latestTicket: TicketID?
    var since: WallTime
    var channel: Channel
    var title: String
    /// Whether an agent made the call: then it is in no queue's figures.
    var isOwnCall: Bool

    private enum Field {
        static let queue = FieldID(20)
        static let callerNumber = FieldID(21)
        static let customer = FieldID(22)
        static let customerName = FieldID(23)
        static let ticket = FieldID(24)
        static let latestTicket = FieldID(25)
        static let since = FieldID(26)
        static let channel = FieldID(27)
        static let title = FieldID(28)
        static let isOwnCall = FieldID(29)
    }

    init(
        queue: QueueID,
        callerNumber: String,
        customer: CustomerID?,
        customerName: String?,
        ticket: TicketID?,
        latestTicket: TicketID?,
        since: WallTime,
        channel: Channel = .voice,
        title: String = "",
        isOwnCall: Bool = false
    ) {
        self.queue = queue
        self.callerNumber = callerNumber
        self.customer = customer
        self.customerName = customerName
        self.ticket = ticket
        self.latestTicket = latestTicket
        self.since = since
        self.channel = channel
        self.title = title
        self.isOwnCall = isOwnCall
    }

    var fields: FieldMap {
        var fields: FieldMap = [
            Field.queue: .string(queue.key), Field.callerNumber: .string(callerNumber),
            Field.since: .int(since.milliseconds),
        ]
        fields[Field.customer] = customer.map { .string($0.key) }
        fields[Field.customerName] = customerName.map { .string($0) }
        fields[Field.ticket] = ticket.map { .string($0.key) }
        fields[Field.latestTicket] = latestTicket.map { .string($0.key) }
        if channel != .voice { fields[Field.channel] = .int(channel.number) }
        if !title.isEmpty { fields[Field.title] = .string(title) }
        if isOwnCall { fields[Field.isOwnCall] = .bool(true) }
        return fields
    }

    init?(fields: FieldMap) {
        guard let queue = fields[Field.queue]?.string, let since = fields[Field.since]?.int else { return nil }
        self.queue = QueueID(queue)
        self.since = WallTime(milliseconds: since)
        callerNumber = fields[Field.callerNumber]?.string ?? ""
        customer = fields[Field.customer]?.string.map { CustomerID($0) }
        customerName = fields[Field.customerName]?.string
        ticket = fields[Field.ticket]?.string.map { TicketID($0) }
        latestTicket = fields[Field.latestTicket]?.string.map { TicketID($0) }
        if let number = fields[Field.channel]?.int {
            // A channel of a newer node: nobody here could serve it.
            guard let known = Channel(number: number) else { return nil }
            channel = known
        } else {
            channel = .voice
        }
        title = fields[Field.title]?.string ?? ""
        isOwnCall = fields[Field.isOwnCall]?.bool ?? false
    }
}
