import ContactCenter
import Kernel
import Store
import Testing

@Suite("Importing customers")
struct ImportTests {
    private static let header = "name,organisation,department,title,phone,email,tier,language\n"

    private func csv(_ rows: String...) -> [UInt8] {
        Array((Self.header + rows.joined(separator: "\n") + "\n").utf8)
    }

    @Test("A file of thousands becomes customers in one commit, and importing it again changes nothing")
    func thousands() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            var text = Self.header
            for index in 0..<2_000 {
                text +=
                    "Customer \(index),Org \(index % 90),,,+49 89 \(5_000_000 + index),c\(index)@example.com,gold,de\n"
            }
            let first = try await reader.planImport(Array(text.utf8))
            #expect(first.errors == [])
            #expect(first.plan.created.count == 2_000)
            let result = try await thread.commit(EditRequest.forImport(first.plan, actor: Fixtures.anna))
            #expect(result.edits?.created.count == 2_000)
            let figures = try await reader.figures()
            #expect(figures.customers == 2_000)
            let second = try await reader.planImport(Array(text.utf8))
            #expect(second.plan.created.isEmpty)
            #expect(second.plan.updated.isEmpty)
        }
    }

    @Test("A person is known by e-mail, by number and name, by name and organisation")
    func known() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let start = try await reader.planImport(csv("王小明,华为,,,+86 139 1234 5678,Wang@Example.cn,,zh"))
            _ = try await thread.commit(EditRequest.forImport(start.plan, actor: Fixtures.anna))
            let rows = [
                "Wang X.,,,,,wang@example.cn,platinum,", "王小明,,IT,,0086 139 1234 5678,,,", "王小明,华为,,Dr.,,,,",
            ]
            for row in rows {
                let again = try await reader.planImport(csv(row))
                #expect(again.errors == [], "\(row)")
                #expect(again.plan.created.isEmpty, "\(row)")
                #expect(again.plan.updated.count == 1, "\(row)")
            }
            let other = try await reader.planImport(csv("王小明,中兴,,,,,,"))
            #expect(other.plan.created.count == 1)
        }
    }

    @Test("Broken rows are named by line, and a plan with errors is only a plan")
    func broken() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { _, reader, _ in
            let result = try await reader.planImport(csv("Anna,,,,+49 89 1,,gold,", "Bo,,,,,,diamond,", "Cy,x"))
            #expect(result.errors.map(\.line).contains(3))
            #expect(result.errors.map(\.line).contains(4))
            let figures = try await reader.figures()
            #expect(figures.documents == 0)
        }
    }
}
