import ContactCenter
import Kernel

/// The fields of a contact that somebody opens.
struct ContactFields {
    /// What makes sense only when `BodyFields.finish` finds nothing wrong.
    let wish: ContactWish

    /// Channels that need no telephone line.
    private enum TextChannel: String, CaseIterable {
        case chat, email, portal, callback
    }

    /// Who can be said to have ended a contact.
    enum Closer: String, CaseIterable {
        case customer, agent, system

        var endedBy: EndedBy {
            switch self {
            case .customer: .customer
            case .agent: .agent
            case .system: .system
            }
        }
    }

    init(_ fields: inout BodyFields) {
        let channel = fields.require("channel", fields.choice("channel", TextChannel.self))
        let queue = fields.require("queue", fields.line("queue", max: Limits.documentKeyBytesMax))
        let from = fields.shortLine("from")
        var sender = from.value ?? ""
        if channel == .callback, let number = fields.require("from", from) {
            sender = PhoneNumber.normalised(number) ?? ""
            if sender.isEmpty { fields.fail("from", "must be a number to dial") }
        }
        wish = ContactWish(
            channel.flatMap { Channel(rawValue: $0.rawValue) } ?? .chat,
            queue: QueueID(queue ?? ""),
            from: sender,
            title: fields.shortLine("title").value ?? "",
            customer: fields.line("customer", max: Limits.documentKeyBytesMax).value.map { CustomerID($0) },
            ticket: fields.line("ticket", max: Limits.documentKeyBytesMax).value.map { TicketID($0) },
            severity: fields.integer("severity", in: 1...4).value.flatMap(Severity.init) ?? .normal
        )
    }
}

extension BodyFields {
    /// A line that the core keeps with a live contact: no longer than it takes.
    mutating func shortLine(_ name: String) -> Patch<String> {
        let given = line(name)
        guard let text = given.value, text.count > Limits.textTitleCharactersMax else { return given }
        fail(name, "is longer than \(Limits.textTitleCharactersMax) characters")
        return .absent
    }
}
