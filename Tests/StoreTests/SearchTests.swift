import ContactCenter
import Kernel
import Store
import Testing

@Suite("Finding customers and tickets")
struct SearchTests {
    private static let people: [EditRequest] = [
        Fixtures.customer(
            "王小明",
            organisation: "华为技术有限公司",
            phones: ["+86 139 1234 5678"],
            emails: ["wang.xm@example.cn"]
        ),
        Fixtures.customer("王芳", organisation: "北京电力", phones: ["+86 10 6552 9988"]),
        Fixtures.customer("张伟", organisation: "Huawei", phones: ["0086 755 2878 0808"]),
        Fixtures.customer("Zhang Wei", organisation: "Acme Ltd", emails: ["zhang.wei@acme.com"]),
        Fixtures.customer("Müller, Jürgen", organisation: "Straße & Söhne", phones: ["+49 89 1234567"]),
        Fixtures.customer("O'Brien-Smith, Aoife", emails: ["aoife@brien.ie"]),
        Fixtures.customer("田中さくら", organisation: "東京ガス"),
        Fixtures.customer("김민준"),
    ]

    private func search(_ texts: [String]) async throws -> [String: [String]] {
        let temporary = try TemporaryDatabase()
        return try await temporary.use { thread, reader, _ in
            _ = try await thread.commit(Self.people)
            var found: [String: [String]] = [:]
            for text in texts {
                found[text] = try await reader.customers(text: text, limit: 50).items.map(\.customer.name)
            }
            return found
        }
    }

    @Test("Chinese names are found by one character, several, and all")
    func chinese() async throws {
        let found = try await search(["王", "小明", "王小明", "明", "技术有限", "明王"])
        #expect(found["王"]?.sorted() == ["王小明", "王芳"].sorted())
        #expect(found["小明"] == ["王小明"])
        #expect(found["王小明"] == ["王小明"])
        #expect(found["明"] == ["王小明"])
        #expect(found["技术有限"] == ["王小明"])
        #expect(found["明王"] == [])
    }

    @Test("Chinese names are found by their reading, beside those written in Latin letters")
    func reading() async throws {
        let found = try await search(["zhang", "zhangwei", "xiaom", "Huawei", "wang 王", "wáng"])
        #expect(found["zhang"]?.sorted() == ["Zhang Wei", "张伟"].sorted())
        #expect(found["zhangwei"] == ["张伟"])
        #expect(found["xiaom"] == ["王小明"])
        #expect(found["Huawei"]?.sorted() == ["张伟", "王小明"].sorted())
        #expect(found["wang 王"]?.sorted() == ["王小明", "王芳"].sorted())
        #expect(found["wáng"]?.sorted() == ["王小明", "王芳"].sorted())
    }

    @Test("Japanese and Korean names are found")
    func japaneseAndKorean() async throws {
        let found = try await search(["さくら", "ガス", "민준", "김"])
        #expect(found["さくら"] == ["田中さくら"])
        #expect(found["ガス"] == ["田中さくら"])
        #expect(found["민준"] == ["김민준"])
        #expect(found["김"] == ["김민준"])
    }

    @Test("Latin names are found by beginnings, whatever case and accents")
    func latin() async throws {
        let found = try await search(["mul", "MÜLLER", "jur mull", "sohne", "o'brien", "brien-smith", "ller"])
        for text in ["mul", "MÜLLER", "jur mull", "sohne"] { #expect(found[text] == ["Müller, Jürgen"], "\(text)") }
        for text in ["o'brien", "brien-smith"] { #expect(found[text] == ["O'Brien-Smith, Aoife"], "\(text)") }
        #expect(found["ller"] == [])
    }

    @Test("Phone numbers are found by beginning, end, and national form")
    func phones() async throws {
        let found = try await search(["+86 139", "5678", "089 123", "1234567", "0755-2878", "9988", "000"])
        #expect(found["+86 139"] == ["王小明"])
        #expect(found["5678"] == ["王小明"])
        #expect(found["089 123"] == ["Müller, Jürgen"])
        #expect(found["1234567"]?.contains("Müller, Jürgen") == true)
        #expect(found["0755-2878"] == ["张伟"])
        #expect(found["9988"] == ["王芳"])
        #expect(found["000"] == [])
    }

    @Test("Nothing that is typed is taken as syntax")
    func syntax() async throws {
        let found = try await search([
            "\" OR 1", "zhang*", "NEAR(a b)", "name:wang", "!!!", "'; DROP TABLE x", "-", "😀",
        ])
        #expect(found["zhang*"]?.sorted() == ["Zhang Wei", "张伟"].sorted())
        for text in ["\" OR 1", "NEAR(a b)", "name:wang", "!!!", "'; DROP TABLE x", "-", "😀"] {
            #expect(found[text] == [], "\(text)")
        }
    }

    @Test("A changed name is found under the new one only, a deleted customer not at all")
    func changes() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            _ = try await thread.commit([Fixtures.customer("Anna Berg"), Fixtures.customer("Bo Lind")])
            func names(_ text: String) async throws -> [String] {
                try await reader.customers(text: text, limit: 9).items.map(\.customer.name)
            }
            let anna = try #require(try await reader.customers(text: "anna", limit: 9).items.first).customer.id
            let rename = FieldChange.set(CustomerField.name, .string("Anna Dahl"), seen: nil)
            _ = try await thread.commit([Fixtures.change(anna.documentID, [rename])])
            #expect(try await names("berg") == [])
            #expect(try await names("dahl") == ["Anna Dahl"])
            _ = try await thread.commit([Fixtures.change(anna.documentID, [.delete])])
            #expect(try await names("anna") == [])
            #expect(try await names("") == ["Bo Lind"])
        }
    }

    @Test("Tickets are found by number, subject and notes")
    func tickets() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let result = try await thread.commit([
                Fixtures.ticket("无法登录 VPN"), Fixtures.ticket("Invoice is wrong"), Fixtures.ticket("Printer"),
            ])
            let made = try #require(result.edits?.created)
            let note = FieldChange.append(TicketField.notes, .string("Replaced the toner 硒鼓"))
            _ = try await thread.commit([Fixtures.change(made[2], [note])])
            func subjects(_ text: String) async throws -> [String] {
                try await reader.tickets(TicketFilter(text: text), limit: 9).items.map(\.ticket.subject)
            }
            #expect(try await subjects("登录") == ["无法登录 VPN"])
            #expect(try await subjects("vpn") == ["无法登录 VPN"])
            #expect(try await subjects("invoi wrong") == ["Invoice is wrong"])
            #expect(try await subjects("硒鼓") == ["Printer"])
            let number = try #require(try await reader.ticket(TicketID(made[1].key))).ticket.number
            #expect(try await subjects(number) == ["Invoice is wrong"])
            #expect(try await reader.ticket(number: number.lowercased())?.ticket.subject == "Invoice is wrong")
        }
    }
}
