import ContactCenter
import Kernel
import SIP

/// The records with which a simulated cluster begins: queues, agents, customers.
struct FoundingRecords: Sendable {
    /// An agent with the site where the person starts.
    struct Seat: Sendable {
        var id: AgentID
        var site: Int
        var sipUser: String
    }

    /// Numbers that can be dialled.
    static let numbers = ["100", "200", "100", "300"]

    private(set) var agents: [Seat] = []
    private(set) var requests: [EditRequest] = []

    static func phone(_ customer: Int) -> String { "+49301000\(customer)" }

    init(options: SimulationOptions, sites: [SiteID]) {
        for (key, number, skills, wrapUp) in [
            ("support", "100", [], 3), ("product", "200", ["product:2"], 2), ("sales", "300", [], 0),
        ] as [(String, String, [String], Int64)] {
            var changes: [FieldChange] = [
                .set(QueueField.name, .string(key), seen: nil), .insert(QueueField.numbers, .string(number)),
                .set(QueueField.ringSeconds, .int(6), seen: nil),
                .set(QueueField.wrapUpSeconds, .int(wrapUp), seen: nil),
            ]
            changes += skills.map { .insert(QueueField.requiredSkills, .string($0)) }
            add(QueueID(key).documentID, changes)
        }
        for (index, site) in sites.enumerated() {
            for number in 0..<options.agentsPerSite {
                let id = AgentID("\(site.name)\(number)")
                let user = "phone-\(id.key)"
                let ha1 = SIPDigest.ha1(user: user, realm: "tandem", password: VirtualPhone.password(of: user))
                var changes: [FieldChange] = [
                    .set(AgentField.name, .string(id.key), seen: nil),
                    .set(AgentField.site, .string(site.name), seen: nil),
                    .set(AgentField.tier, .int(Int64(number % 3)), seen: nil),
                    .set(AgentField.sipUser, .string(user), seen: nil),
                    .set(AgentField.sipDigest, .string(ha1), seen: nil),
                ]
                if number % 2 == 0 { changes.append(.insert(AgentField.skills, .string("product:3"))) }
                add(id.documentID, changes)
                agents.append(Seat(id: id, site: index, sipUser: user))
            }
        }
        for number in 0..<options.customers {
            let changes: [FieldChange] = [
                .set(CustomerField.name, .string("Customer \(number)"), seen: nil),
                .insert(CustomerField.phones, .string(FoundingRecords.phone(number))),
                .set(CustomerField.tier, .int(Int64(number % 4)), seen: nil),
            ]
            requests.append(
                EditRequest(actor: .system, edits: [DocumentEdit(.new(Schema.customer), changes)])
            )
        }
    }

    private mutating func add(_ id: DocumentID, _ changes: [FieldChange]) {
        requests.append(EditRequest(actor: .system, edits: [DocumentEdit(.id(id, mustExist: false), changes)]))
    }
}
