import ContactCenter
import HTTPTypes
import Kernel
import Testing
import WebAPI

@Suite("Merging over the API")
struct MergeRouteTests {
    private struct Two {
        let low: String
        let high: String
    }

    /// Two customers, in the order of their keys.
    private static func customers(_ site: Site) async throws -> Two {
        let keys = [
            try #require(try await site.makeCustomer("Ada")["id"]),
            try #require(try await site.makeCustomer("Ada L.")["id"]),
        ].sorted(by: MergeEdge.precedes)
        return Two(low: keys[0], high: keys[1])
    }

    @Test("Two files are merged, shown as one whichever is asked for, and parted again")
    func customers() async throws {
        try await Harness().run { (site) async throws in
            let two = try await Self.customers(site)
            let high = "/api/v1/customers/\(two.high)"
            let notes = "/api/v1/customers/\(two.high)/notes"
            _ = try await site.ask(.post, notes, body: #"{"text":"on the second"}"#)
            let merged = try await site.ask(.post, "\(high)/merge", as: "susan", body: #"{"other":"\#(two.low)"}"#)
            #expect(merged.status == 200)
            #expect(merged["id"] == two.low)
            #expect(merged["root"] == two.low)
            #expect(merged["mergedFrom"] == "1 items")
            #expect(merged["mergedFrom.0.id"] == two.high)
            #expect(merged["receipt.acknowledged"] == "local")
            let shown = try await site.ask(.get, high)
            #expect(shown["id"] == two.low)
            #expect(shown["notes.0.text"] == "on the second")
            #expect(shown["notes.0.of.id"] == two.high)
            let parted = try await site.ask(.post, "\(high)/unmerge", as: "susan", body: #"{"other":"\#(two.low)"}"#)
            #expect(parted.status == 200)
            #expect(parted["id"] == two.high)
            #expect(parted["mergedFrom"] == "0 items")
            #expect(parted["notes.0.of"] == "null")
        }
    }

    @Test("A change or note of a merged file goes to the one that is shown, under the version that was shown")
    func changes() async throws {
        try await Harness().run { (site) async throws in
            let two = try await Self.customers(site)
            let high = "/api/v1/customers/\(two.high)"
            _ = try await site.ask(.post, "\(high)/merge", as: "susan", body: #"{"other":"\#(two.low)"}"#)
            let shown = try await site.ask(.get, high)
            let tag = try #require(shown.headers[.eTag])
            let changed = try await site.ask(.patch, high, body: #"{"title":"CTO"}"#, headers: [.ifMatch: tag])
            #expect(changed.status == 200)
            #expect(changed["id"] == two.low)
            #expect(changed["title"] == "CTO")
            let late = try await site.ask(.patch, high, body: #"{"title":"CEO"}"#, headers: [.ifMatch: tag])
            #expect(late.status == 412)
            let note = try await site.ask(.post, "\(high)/notes", body: #"{"text":"x"}"#)
            #expect(note["notes.0.of.id"] == two.low)
            let stale = try await site.ask(.get, high, headers: [.ifNoneMatch: tag])
            #expect(stale.status == 200)
        }
    }

    @Test("What cannot be merged or parted is refused with the reason")
    func refusals() async throws {
        try await Harness().run { (site) async throws in
            let two = try await Self.customers(site)
            func ask(_ action: String, _ id: String, _ body: String, as login: String = "susan") async throws -> Reply {
                try await site.ask(.post, "/api/v1/customers/\(id)/\(action)", as: login, body: body)
            }
            let other = #"{"other":"\#(two.high)"}"#
            #expect(try await ask("merge", two.low, other, as: "anna").status == 403)
            #expect(try await ask("unmerge", two.low, other, as: "anna").status == 403)
            let itself = try await ask("merge", two.high, other)
            #expect(itself.status == 422)
            #expect(itself.fieldsAtFault == ["other"])
            #expect(try await ask("merge", two.low, #"{"other":"none"}"#).fieldsAtFault == ["other"])
            #expect(try await ask("merge", "none", other).status == 404)
            #expect(try await ask("merge", two.low, "{}").fieldsAtFault == ["other"])
            #expect(try await ask("merge", two.low, #"{"other":7}"#).fieldsAtFault == ["other"])
            #expect(try await ask("unmerge", two.low, other).status == 409)
            #expect(try await ask("merge", two.low, other).status == 200)
            let again = try await ask("merge", two.low, other)
            #expect(again.status == 409)
            #expect(again.problem == "refused")
            #expect(try await ask("unmerge", two.low, other).status == 200)
        }
    }

    @Test("Agents merge tickets, by key or number; notes say in which ticket they stand")
    func tickets() async throws {
        try await Harness().run { (site) async throws in
            var numbers: [String: String] = [:]
            for subject in ["No dial tone", "Phone is dead"] {
                let made = try await site.ask(.post, "/api/v1/tickets", body: #"{"subject":"\#(subject)"}"#)
                numbers[try #require(made["id"])] = made["number"]
            }
            let keys = numbers.keys.sorted(by: MergeEdge.precedes)
            let (low, high) = (keys[0], keys[1])
            let number = try #require(numbers[high])
            _ = try await site.ask(.post, "/api/v1/tickets/\(high)/notes", body: #"{"text":"checked the line"}"#)
            let merged = try await site.ask(.post, "/api/v1/tickets/\(low)/merge", body: #"{"other":"\#(number)"}"#)
            #expect(merged.status == 200)
            #expect(merged["id"] == low)
            #expect(merged["mergedFrom.0.number"] == number)
            #expect(merged["notes.0.of.name"] == number)
            #expect(try await site.ask(.get, "/api/v1/tickets/\(number)")["id"] == low)
            let undo = #"{"other":"\#(number)"}"#
            let parted = try await site.ask(.post, "/api/v1/tickets/\(low)/unmerge", body: undo)
            #expect(parted.status == 200)
            #expect(parted["mergedFrom"] == "0 items")
            #expect(try await site.ask(.get, "/api/v1/tickets/\(number)")["id"] == high)
            #expect(try await site.ask(.post, "/api/v1/tickets/none/merge", body: undo).status == 404)
        }
    }
}
