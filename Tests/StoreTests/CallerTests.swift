import ContactCenter
import Kernel
import Store
import Testing

@Suite("Who calls from a number")
struct CallerTests {
    @Test("A caller is known however the number is written, with the latest ticket and its owner")
    func known() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let made = try await thread.commit([
                Fixtures.customer("王小明", phones: ["+86 139 1234 5678"], tier: .gold),
                Fixtures.customer("Someone Else", phones: ["+86 139 1234 0000"]),
            ])
            let key = try #require(made.edits?.created.first).key
            _ = try await thread.commit([
                Fixtures.ticket("Old", customer: key, owner: "bo", raisedAt: 1_000),
                Fixtures.ticket("New", customer: key, owner: "anna", raisedAt: 2_000),
                Fixtures.ticket("Of nobody", owner: "cy", raisedAt: 3_000),
            ])
            for number in ["+8613912345678", "008613912345678", "13912345678", "sip:+8613912345678@carrier.example"] {
                let match = try #require(try await reader.lookUpCaller(number: number), "\(number)")
                #expect(match.name == "王小明")
                #expect(match.customer.key == key)
                #expect(match.tier == .gold)
                #expect(match.latestOwner == AgentID("anna"))
            }
        }
    }

    @Test("A number of nobody, of several, or none at all names nobody")
    func unknown() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            _ = try await thread.commit([
                Fixtures.customer("Anna", phones: ["+49 89 5550001"]),
                Fixtures.customer("Bo", phones: ["+49895550001"]),
            ])
            for number in ["+49895550001", "+49895550002", "", "anonymous", "+"] {
                let match = try await reader.lookUpCaller(number: number)
                #expect(match == nil, "\(number)")
            }
        }
    }

    @Test("A number that was taken from a file names nobody any more")
    func removed() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let made = try await thread.commit([Fixtures.customer("Anna", phones: ["+49 89 5550001"])])
            let id = try #require(made.edits?.created.first)
            let remove = FieldChange.remove(CustomerField.phones, .string("+49895550001"))
            _ = try await thread.commit([Fixtures.change(id, [remove])])
            let match = try await reader.lookUpCaller(number: "+49895550001")
            #expect(match == nil)
        }
    }

    @Test("The language to speak comes with the file; a file without one names none")
    func language() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            for (name, number, language) in [("Anna", "+49895550001", "zh-Hant"), ("Bela", "+49895550002", nil)] {
                let made = try await thread.commit([Fixtures.customer(name, phones: [number])])
                let id = try #require(made.edits?.created.first)
                if let language {
                    let change = FieldChange.set(CustomerField.language, .string(language), seen: nil)
                    _ = try await thread.commit([Fixtures.change(id, [change])])
                }
                let match = try await reader.lookUpCaller(number: number)
                #expect(match?.language == (language ?? ""))
            }
        }
    }

    @Test("An organisation's higher tier counts")
    func organisationTier() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let organisation = DocumentEdit(
                .new(Schema.organisation),
                [
                    .set(OrganisationField.name, .string("Acme"), seen: nil),
                    .set(OrganisationField.tier, .int(CustomerTier.platinum.rawValue), seen: nil),
                ]
            )
            let customer = DocumentEdit(
                .new(Schema.customer),
                [
                    .set(CustomerField.name, .string("Anna"), seen: nil),
                    .setCreated(CustomerField.organisation, index: 0),
                    .insert(CustomerField.phones, .string("+49895550001")),
                ]
            )
            _ = try await thread.commit([EditRequest(actor: Fixtures.anna, edits: [organisation, customer])])
            let match = try await reader.lookUpCaller(number: "089 5550001")
            #expect(match?.tier == .platinum)
            let entry = try await reader.customers(text: "anna", limit: 1).items.first
            #expect(entry?.organisationName == "Acme")
        }
    }
}
