import ContactCenter
import Kernel
import Replication
import Store
import TestKit
import Testing

@Suite("Merges at several sites")
struct MergeLawTests {
    @Test(
        "Merged in opposite directions at two sites and undone at one, all sites show the same",
        arguments: [0, 1, 2]
    )
    func opposite(undone: Int) async throws {
        var sites = try Sites(["north", "south"], seed: 1)
        let keys = try await sites.makeCustomers(2)
        try await sites.merge(at: 0, keys[0], keys[1])
        try await sites.merge(at: 1, keys[1], keys[0])
        // 0: before the other's merge arrives; 1: after; 2: never.
        if undone == 0 { try await sites.merge(at: 0, keys[0], keys[1], undo: true) }
        try await sites.exchange()
        if undone == 1 { try await sites.merge(at: 1, keys[0], keys[1], undo: true) }
        try await sites.exchange()
        // A merge that the undo has not seen stays: nobody who merged is overruled unasked.
        let expected = undone == 1 ? [keys[1]] : [keys[0], keys[1]]
        for site in sites.all {
            #expect(sites.graph(site).members(of: keys[1]) == expected)
            let shown = try await site.reader.customer(CustomerID(keys[1]))
            #expect(shown?.customer.id.key == expected[0])
        }
    }

    @Test(
        "Whatever sites merge and undo, and in any order of arrival: equal classes, equal roots, on disk as by rule",
        arguments: Seeds.first(12)
    )
    func anyOrder(seed: UInt64) async throws {
        var sites = try Sites(["north", "east", "south"], seed: seed)
        let keys = try await sites.makeCustomers(8)
        for step in 0..<40 {
            try await sites.act(keys)
            if step % 8 == 7 { try await sites.check(keys, "seed \(seed), step \(step)") }
        }
        try await sites.exchange()
        try await sites.check(keys, "seed \(seed), in the end")
        let pictures = sites.all.map { site in keys.map { sites.graph(site).members(of: $0) } }
        #expect(pictures.allSatisfy { $0 == pictures[0] }, "seed \(seed)")
        #expect(pictures[0].contains { $0.count > 1 }, "seed \(seed)")
    }
}

/// Sites that edit without seeing each other and exchange what they did now and then.
private struct Sites {
    var all: [TwinSite]
    private var random: SeededRandom
    private var now: Int64 = 1_700_000_000_000

    init(_ names: [String], seed: UInt64) throws {
        all = try names.map { try TwinSite($0) }
        random = SeededRandom(seed: seed)
    }

    func graph(_ site: TwinSite) -> MergeGraph { MergeGraph(Schema.customer, site.memory.documents.values) }

    /// Makes customers at the first site and brings them to all; the keys by bytes.
    mutating func makeCustomers(_ count: Int) async throws -> [String] {
        try await commit(at: 0, (0..<count).map { Fixtures.customer("C\($0)", phones: ["+49 89 5550001"]) })
        try await exchange()
        return all[0].memory.documents.keys.filter { $0.type == Schema.customer }.map(\.key)
            .sorted(by: MergeEdge.precedes)
    }

    mutating func merge(at place: Int, _ key: String, _ other: String, undo: Bool = false) async throws {
        let graph = graph(all[place])
        let edits =
            undo
            ? try MergeEdit.undo(key, from: other, in: graph) : [try MergeEdit.merge(key, with: other, in: graph)]
        try await commit(at: place, [EditRequest(actor: Fixtures.anna, edits: edits)])
    }

    /// Something that a site might do: merge, undo, rarely delete, or hear from another.
    mutating func act(_ keys: [String]) async throws {
        let place = Int.random(in: 0..<all.count, using: &random)
        let key = keys[Int.random(in: 0..<keys.count, using: &random)]
        let other = keys[Int.random(in: 0..<keys.count, using: &random)]
        switch Int.random(in: 0..<20, using: &random) {
        case 0: try await commit(at: place, [Fixtures.change(CustomerID(key).documentID, [.delete])])
        case 1..<5: try await fetch(at: place, from: (place + 1) % all.count)
        case 5..<9: try await fetch(at: place, from: (place + 2) % all.count)
        // What the rules refuse is not done, as a route would not.
        case 9..<12: try? await merge(at: place, key, other, undo: true)
        default: try? await merge(at: place, key, other)
        }
    }

    /// Brings everything everywhere.
    mutating func exchange() async throws {
        // Causes across origins may need a second round.
        for _ in 0..<2 {
            for place in all.indices {
                for other in all.indices where other != place { try await fetch(at: place, from: other) }
            }
        }
    }

    /// Holds what the disk says against the rule on the documents in memory, at every site.
    func check(_ keys: [String], _ words: String) async throws {
        for site in all {
            let graph = graph(site)
            for key in keys {
                let file = try await site.reader.customer(CustomerID(key))?.file
                let shown = file.map { [$0.root.id.key] + $0.others.map(\.id.key) } ?? []
                #expect(shown == graph.members(of: key), "\(words), \(key) at \(site.site)")
            }
            let listed = try await site.reader.customers(text: "", limit: 50).items.map(\.customer.id.key).sorted()
            #expect(listed == Set(keys.compactMap { graph.root(of: $0) }).sorted(), "\(words), list at \(site.site)")
            let caller = try await site.reader.lookUpCaller(number: "+49895550001")
            #expect(caller?.customer.key == (listed.count == 1 ? listed[0] : nil), "\(words), caller at \(site.site)")
        }
    }

    private mutating func commit(at place: Int, _ requests: [EditRequest]) async throws {
        now += 10
        let work = LedgerWork(wall: WallTime(milliseconds: now), requests: requests)
        _ = try #require(try await all[place].perform(work))
    }

    private mutating func fetch(at place: Int, from other: Int) async throws {
        now += 10
        for head in all[other].memory.heads() where all[place].vector[head.dot.origin] < head.dot.sequence {
            let first = all[place].vector[head.dot.origin] + 1
            let request = OpsRequest(origin: head.dot.origin, from: first)
            let batch = try Ledger.read(request, from: all[other].memory)
            let work = LedgerWork(wall: WallTime(milliseconds: now), received: [batch])
            _ = try #require(try await all[place].perform(work))
        }
    }
}
