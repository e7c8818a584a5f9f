import ContactCenter
import Kernel
import Store
import Testing

@Suite("What a site starts from")
struct BootTests {
    private func contact(_ key: String, at: String, served: String = "", started: Int64, ended: Int64?) -> EditRequest {
        var changes: [FieldChange] = [
            .set(ContactField.originSite, .string(at), seen: nil),
            .set(ContactField.startedAt, .int(started), seen: nil),
        ]
        if !served.isEmpty { changes.append(.set(ContactField.agentSite, .string(served), seen: nil)) }
        if let ended { changes.append(.set(ContactField.endedAt, .int(ended), seen: nil)) }
        let target = DocumentEdit.Target.id(ContactID(key).documentID, mustExist: false)
        return EditRequest(actor: .system, edits: [DocumentEdit(target, changes)])
    }

    @Test("Contacts without an end and those of today are read, oldest first, others not")
    func contacts() async throws {
        let temporary = try TemporaryDatabase()
        let now: Int64 = 1_700_000_000_000
        let midnight = now / 86_400_000 * 86_400_000
        try await temporary.use { thread, reader, _ in
            _ = try await thread.commit([
                contact("north-1-1", at: "north", started: midnight - 9_000, ended: midnight - 1),
                contact("north-1-2", at: "north", started: midnight - 8_000, ended: nil),
                contact("east-1-3", at: "east", started: midnight - 7_000, ended: nil),
                contact("north-1-4", at: "north", started: midnight, ended: midnight + 5),
                contact("east-1-5", at: "east", served: "north", started: midnight + 1, ended: midnight + 6),
                contact("east-1-6", at: "east", served: "east", started: midnight + 2, ended: midnight + 6),
                contact("north-1-7", at: "north", started: midnight + 3, ended: nil),
            ])
            let found = try await reader.bootContacts(
                site: Fixtures.site("north"),
                now: WallTime(milliseconds: now)
            )
            #expect(found.map(\.id.key) == ["north-1-2", "north-1-4", "east-1-5", "north-1-7"])
        }
    }

    @Test("Documents of the asked types are read, deleted ones not")
    func documents() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let agents = ["bo", "anna", "cy"].map { login in
                EditRequest(
                    actor: .system,
                    edits: [
                        DocumentEdit(
                            .id(AgentID(login).documentID, mustExist: false),
                            [.set(AgentField.name, .string(login), seen: nil)]
                        )
                    ]
                )
            }
            _ = try await thread.commit(agents + [Fixtures.customer("Not asked for")])
            _ = try await thread.commit([Fixtures.change(AgentID("cy").documentID, [.delete])])
            let found = try await reader.bootDocuments(of: [Schema.queue, Schema.agent])
            #expect(found.map(\.id.key) == ["anna", "bo"])
        }
    }
}
