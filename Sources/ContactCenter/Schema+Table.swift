package import Kernel

extension Schema {
    /// Kinds, merge rules and names of all fields, for the ledger.
    package static let documents = DocumentSchema(
        fields,
        born: [customer, organisation, ticket]
    )

    private static let fields: [DocumentType: [FieldID: DocumentSchema.Field]] = [
        customer: customerFields,
        organisation: [
            OrganisationField.name: .init("name", .register),
            OrganisationField.tier: .init("tier", .register),
            OrganisationField.address: .init("address", .register),
            OrganisationField.notes: .init("notes", .log),
        ],
        ticket: ticketFields,
        agent: agentFields,
        queue: queueFields.merging(queueRuleFields) { own, _ in own }.merging(queueLineFields) { own, _ in own },
        account: [
            AccountField.name: .init("name", .register),
            AccountField.role: .init("role", .register),
            AccountField.passwordHash: .init("passwordHash", .register),
            AccountField.agent: .init("agent", .register),
            AccountField.sites: .init("sites", .set),
            AccountField.active: .init("active", .register, rule: .yielding([.bool(true)])),
        ],
        siteKey: [SiteKeyField.publicKey: .init("publicKey", .register)],
        contact: contactFields,
        site: [
            SiteField.name: .init("name", .register),
            SiteField.zone: .init("zone", .register),
        ],
        calendar: calendarFields,
        breakReason: breakReasonFields,
    ]

    /// The fields that no page, API or log may show.
    package static let secrets: [DocumentType: Set<FieldID>] = [
        agent: [AgentField.sipDigest, AgentField.sipDigestSHA256],
        account: [AccountField.passwordHash],
    ]

    /// The field that holds merges; nil for types whose documents cannot be merged.
    package static func merges(of type: DocumentType) -> FieldID? {
        switch type {
        case customer: CustomerField.merges
        case ticket: TicketField.merges
        default: nil
        }
    }

    private typealias Fields = [FieldID: DocumentSchema.Field]

    private static let customerFields: Fields = [
        CustomerField.name: .init("name", .register),
        CustomerField.organisation: .init("organisation", .register),
        CustomerField.department: .init("department", .register),
        CustomerField.title: .init("title", .register),
        CustomerField.phones: .init("phones", .set),
        CustomerField.emails: .init("emails", .set),
        CustomerField.tier: .init("tier", .register),
        CustomerField.language: .init("language", .register),
        CustomerField.notes: .init("notes", .log),
        CustomerField.score: .init("score", .register),
        CustomerField.address: .init("address", .register),
        CustomerField.lastTicket: .init("lastTicket", .register),
        CustomerField.organisationName: .init("organisationName", .register),
        CustomerField.merges: .init("merges", .set),
    ]

    private static let ticketFields: Fields = [
        TicketField.number: .init("number", .register),
        TicketField.customer: .init("customer", .register),
        TicketField.organisation: .init("organisation", .register),
        TicketField.subject: .init("subject", .register),
        TicketField.description: .init("description", .register),
        TicketField.category: .init("category", .register),
        TicketField.severity: .init("severity", .register),
        TicketField.state: .init(
            "state",
            .register,
            rule: .yielding(TicketState.yielding.map { .string($0.rawValue) })
        ),
        TicketField.owner: .init("owner", .register),
        TicketField.queue: .init("queue", .register),
        TicketField.site: .init("site", .register),
        TicketField.channel: .init("channel", .register),
        TicketField.product: .init("product", .register),
        TicketField.raisedAt: .init("raisedAt", .register),
        TicketField.dueAt: .init("dueAt", .register),
        // "Unresolved" (null) goes with the reopen that wins over a close.
        TicketField.resolvedAt: .init("resolvedAt", .register),
        TicketField.contacts: .init("contacts", .log),
        TicketField.notes: .init("notes", .log),
        TicketField.tags: .init("tags", .set),
        TicketField.merges: .init("merges", .set),
        // Nodes that do not know it keep it as a log that they do not show, so it needs no level.
        TicketField.attachments: .init("attachments", .log),
    ]

    private static let agentFields: Fields = [
        AgentField.name: .init("name", .register),
        AgentField.site: .init("site", .register),
        AgentField.tier: .init("tier", .register),
        AgentField.skills: .init("skills", .set),
        AgentField.sipUser: .init("sipUser", .register),
        AgentField.sipDigest: .init("sipDigest", .register),
        AgentField.language: .init("language", .register),
        AgentField.team: .init("team", .register, since: 2),
        AgentField.answersOn: .init("answersOn", .register, since: 3),
        AgentField.sipDigestSHA256: .init("sipDigestSHA256", .register, since: 3),
        // Barring somebody at one site holds against an edit elsewhere that did not know of it.
        AgentField.active: .init("active", .register, rule: .yielding([.bool(true)])),
    ]

    private static let queueFields: Fields = [
        QueueField.name: .init("name", .register),
        QueueField.numbers: .init("numbers", .set),
        QueueField.requiredSkills: .init("requiredSkills", .set),
        QueueField.serviceLevelSeconds: .init("serviceLevelSeconds", .register),
        QueueField.ringSeconds: .init("ringSeconds", .register),
        QueueField.wrapUpSeconds: .init("wrapUpSeconds", .register),
        QueueField.strategy: .init("strategy", .register),
        QueueField.priority: .init("priority", .register),
        QueueField.affinitySeconds: .init("affinitySeconds", .register),
    ]

    private static let contactFields: Fields = [
        ContactField.ticket: .init("ticket", .register),
        ContactField.customer: .init("customer", .register),
        ContactField.queue: .init("queue", .register),
        ContactField.number: .init("number", .register),
        ContactField.callerNumber: .init("callerNumber", .register),
        ContactField.agent: .init("agent", .register),
        ContactField.originSite: .init("originSite", .register),
        ContactField.agentSite: .init("agentSite", .register),
        ContactField.channel: .init("channel", .register),
        ContactField.startedAt: .init("startedAt", .register),
        ContactField.queuedAt: .init("queuedAt", .register),
        ContactField.answeredAt: .init("answeredAt", .register),
        ContactField.endedAt: .init("endedAt", .register),
        ContactField.endedBy: .init("endedBy", .register),
        ContactField.endReason: .init("endReason", .register),
        ContactField.waitMs: .init("waitMs", .register),
        ContactField.talkMs: .init("talkMs", .register),
        ContactField.wrapUpMs: .init("wrapUpMs", .register),
        ContactField.outcome: .init("outcome", .register),
        ContactField.decision: .init("decision", .register, since: 2),
        ContactField.dials: .init("dials", .log, since: 2),
        ContactField.root: .init("root", .register, since: 2),
        ContactField.recordings: .init("recordings", .log, since: 3),
        // Nodes that do not know these keep them as registers that they do not read, so they need no level.
        ContactField.ownCall: .init("ownCall", .register),
        ContactField.answeredQueue: .init("answeredQueue", .register),
        ContactField.reached: .init("reached", .register),
        ContactField.agents: .init("agents", .set),
    ]
}
