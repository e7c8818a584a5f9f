import ContactCenter
import Kernel

/// The fields of a ticket in a request.
struct TicketFields {
    let subject: Patch<String>
    let description: Patch<String>
    let category: Patch<String>
    let product: Patch<String>
    let customer: Patch<String>
    let owner: Patch<String>
    let queue: Patch<String>
    let tags: Patch<[String]>
    let severity: Severity?
    let state: TicketState?

    init(_ fields: inout BodyFields) {
        subject = fields.line("subject")
        description = fields.lines("description")
        category = fields.line("category")
        product = fields.line("product")
        customer = fields.line("customer", max: Limits.documentKeyBytesMax)
        owner = fields.line("owner", max: Limits.documentKeyBytesMax)
        queue = fields.line("queue", max: Limits.documentKeyBytesMax)
        tags = fields.list("tags")
        severity = fields.integer("severity", in: 1...4).value.flatMap(Severity.init)
        state = fields.choice("state", TicketState.self).value
    }

    /// What text and sorting become.
    var patch: TicketPatch {
        var patch = TicketPatch()
        patch.subject = subject.textOrEmpty
        patch.description = description.textOrEmpty
        patch.category = category.textOrEmpty
        patch.product = product.textOrEmpty
        patch.severity = severity
        patch.tags = tags.itemsOrEmpty
        return patch
    }
}

extension Patch {
    /// True when the field was left out.
    var isAbsent: Bool {
        if case .absent = self { true } else { false }
    }
}
