import ContactCenter
import Kernel
import Replication
import Store
import TestKit
import Testing

@Suite("The ledger on disk and in memory")
struct LedgerConformanceTests {
    @Test(
        "Same work, same answers, same documents, log and conflicts, restarts in between or not",
        arguments: Seeds.first(6)
    )
    func twins(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        var edits = RandomEdits(seed: seed &+ 1_000)
        let sites = try ["north", "east", "south"].map { try TwinSite($0) }
        var log: [OpsBatch] = []
        var delivered = [0, 0, 0]
        for step in 0..<120 {
            let place = Int.random(in: 0..<3, using: &random)
            let site = sites[place]
            var work = LedgerWork(wall: WallTime(milliseconds: 1_700_000_000_000 + Int64(step) * 7))
            if Int.random(in: 0..<3, using: &random) == 0, delivered[place] < log.count {
                let upTo = Int.random(in: delivered[place]..<log.count, using: &random)
                work.received = Array(log[delivered[place]...upTo])
                delivered[place] = upTo + 1
                let peer = sites[(place + 1) % 3]
                work.tasks = [.savePeerVectors([peer.site: peer.vector])]
            } else {
                let known = site.memory.documents.keys.sorted()
                work.requests = (0..<Int.random(in: 1...4, using: &random)).map { _ in edits.request(known: known) }
            }
            let result = try #require(try await site.perform(work), "seed \(seed), step \(step)")
            if let batch = result.edits?.batch { log.append(batch) }
            if Int.random(in: 0..<25, using: &random) == 0 { try site.restart() }
        }
        for (place, site) in sites.enumerated() {
            let rest = LedgerWork(wall: WallTime(milliseconds: 1_700_000_900_000), received: log)
            _ = try #require(try await site.perform(rest), "seed \(seed), site \(place)")
            let difference = try await site.difference()
            #expect(difference == nil, "seed \(seed), site \(place)")
            try site.restart()
            let afterRestart = try await site.difference()
            #expect(afterRestart == nil, "seed \(seed), site \(place) after a restart")
            #expect(site.memory.documents == sites[0].memory.documents, "seed \(seed)")
        }
        let conflicts = sites[0].memory.conflicts(after: nil, limit: .max)
        #expect(!conflicts.isEmpty, "The schedule has to make conflicts; seed \(seed)")
    }
}
