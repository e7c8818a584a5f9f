import ContactCenter
import Foundation
import Kernel
import Replication
import Store

/// Ops made durable a second, written here and applied from a peer, beside raw SQLite writing the same rows.
enum LedgerFigures {
    /// Edits of one field of random customers, in commits of several sizes, and the probe of the disk around them.
    static func measure(quick: Bool) async throws -> [Figure] {
        let directory = NSTemporaryDirectory() + "tandem-benchmark-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var figures = [try DiskProbe.figure("\(directory)/probe", quick: quick)]
        var pair = try await LedgerPair(directory, customers: quick ? 200 : 10_000)
        for size in [1, 16, 128, 1_024] {
            let commits = quick ? 2 : max(20, min(2_000, 20_000 / size))
            let rates = try await pair.run(commits: commits, size: size)
            for (name, rate) in [("edits", rates.edits), ("applied", rates.applied)] {
                figures.append(
                    Figure(
                        name: "durable \(name), \(size) a commit",
                        value: "\(short(rate)) a second",
                        against: "raw SQLite \(short(rates.raw))",
                        ratio: short(rate / rates.raw)
                    )
                )
            }
        }
        let rates = try await pair.catchUp(quick ? 500 : 50_000)
        figures.append(
            Figure(
                name: "caught up through two stores, 256 KiB a commit",
                value: "\(short(rates.applied)) a second",
                against: "raw SQLite \(short(rates.raw))",
                ratio: short(rates.applied / rates.raw)
            )
        )
        try pair.close()
        figures.append(try DiskProbe.figure("\(directory)/probe-again", quick: quick))
        return figures
    }
}

/// Two sites' stores: what one writes the other applies.
struct LedgerPair {
    /// Ops a second.
    struct Rates {
        var edits: Double
        var applied: Double
        var raw: Double
    }

    private let directory: String
    private let databases: [SiteDatabase]
    private let stores: [StoreThread]
    private let customers: [DocumentID]
    private var random = SeededRandom(seed: 1)
    private var runs = 0

    /// Makes both, with customers.
    init(_ directory: String, customers count: Int) async throws {
        self.directory = directory
        let sites = ["north", "east"].compactMap { SiteID($0) }
        databases = try sites.map { site in
            try SiteDatabase(.init(path: "\(directory)/\(site).sqlite", cluster: "benchmark", site: site))
        }
        stores = try databases.map { try StoreThread($0, schema: Schema.documents) }
        var made: [DocumentID] = []
        for first in stride(from: 0, to: count, by: 200) {
            let requests = try (first..<min(first + 200, count)).map { try LedgerPair.creation($0) }
            let edits = try await stores[0].perform(LedgerWork(wall: StoreThread.now, requests: requests)).edits
            for case .committed(let commit) in edits?.outcomes ?? [] { made += commit.created }
            _ = try await stores[1].perform(
                LedgerWork(wall: StoreThread.now, received: edits?.batch.map { [$0] } ?? [])
            )
        }
        customers = made
    }

    /// Writes, applies, and writes the same rows without a ledger.
    mutating func run(commits: Int, size: Int) async throws -> Rates {
        var work: [[EditRequest]] = []
        for _ in 0..<commits { work.append((0..<size).map { _ in edit() }) }
        let clock = ContinuousClock()
        var batches: [OpsBatch] = []
        var start = clock.now
        for requests in work {
            let result = try await stores[0].perform(LedgerWork(wall: StoreThread.now, requests: requests))
            batches += result.edits?.batch.map { [$0] } ?? []
        }
        let edited = clock.now - start
        start = clock.now
        for batch in batches {
            _ = try await stores[1].perform(LedgerWork(wall: StoreThread.now, received: [batch]))
        }
        let applied = clock.now - start
        runs += 1
        let raw = try await RawWriter("\(directory)/raw-\(runs).sqlite", like: databases[0], customers: customers)
            .run(work.map { $0.compactMap(\.edits.first?.target) }, bodies: batches.map(\.bodies))
        let ops = Double(commits * size)
        func rate(_ time: Duration) -> Double { ops / (time / .seconds(1)) }
        return Rates(edits: rate(edited), applied: rate(applied), raw: rate(raw))
    }

    /// Writes ops at one, then reads them for the other in the pieces in which a site that comes back asks for them.
    mutating func catchUp(_ count: Int) async throws -> Rates {
        let clock = ContinuousClock()
        var targets: [DocumentEdit.Target] = []
        var request: OpsRequest?
        var start = clock.now
        for first in stride(from: 0, to: count, by: 1_000) {
            let requests = (first..<min(first + 1_000, count)).map { _ in edit() }
            targets += requests.compactMap(\.edits.first?.target)
            let edits = try await stores[0].perform(LedgerWork(wall: StoreThread.now, requests: requests)).edits
            if request == nil { request = edits?.batch.map { OpsRequest(origin: $0.origin, from: $0.first) } }
        }
        let edited = clock.now - start
        let reader = SiteReader(databases[0])
        var batches: [OpsBatch] = []
        start = clock.now
        while let next = request {
            let batch = try await reader.ops(next).batch
            if batch.bodies.isEmpty { break }
            _ = try await stores[1].perform(LedgerWork(wall: StoreThread.now, received: [batch]))
            batches.append(batch)
            request?.from = batch.last + 1
        }
        let applied = clock.now - start
        var pieces: [[DocumentEdit.Target]] = []
        for batch in batches {
            pieces.append(Array(targets.prefix(batch.bodies.count)))
            targets.removeFirst(min(batch.bodies.count, targets.count))
        }
        runs += 1
        let raw = try await RawWriter("\(directory)/raw-\(runs).sqlite", like: databases[0], customers: customers)
            .run(pieces, bodies: batches.map(\.bodies))
        func rate(_ time: Duration) -> Double { Double(count) / (time / .seconds(1)) }
        return Rates(edits: rate(edited), applied: rate(applied), raw: rate(raw))
    }

    /// Ends both.
    func close() throws {
        for store in stores { store.stop() }
        for database in databases { try database.close() }
    }

    private mutating func edit() -> EditRequest {
        let id = customers.randomElement(using: &random) ?? DocumentID(type: Schema.customer, key: "none")
        let score = Int64.random(in: 0...100, using: &random)
        return EditRequest(
            actor: Actor("benchmark"),
            edits: [DocumentEdit(.id(id, mustExist: true), [.set(CustomerField.score, .int(score), seen: nil)])]
        )
    }

    /// A new customer.
    static func creation(_ number: Int) throws -> EditRequest {
        var patch = CustomerPatch()
        patch.name = "Customer \(number)"
        patch.phones = ["+49302\(1_000_000 + number)"]
        patch.title = "Engineer"
        return EditRequest(actor: Actor("benchmark"), edits: [try patch.creation()])
    }
}

/// What one synced write costs on this disk at this moment.
enum DiskProbe {
    /// The median of writes of 4 KiB with `fdatasync`.
    static func figure(_ path: String, quick: Bool) throws -> Figure {
        let page = Data(repeating: 7, count: 4_096)
        guard FileManager.default.createFile(atPath: path, contents: nil) else {
            return Figure(name: "write and sync 4 KiB", value: "failed")
        }
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        let measured = try Measurement(runs: quick ? 5 : 100, pieces: 1) {
            try file.write(contentsOf: page)
            try file.synchronize()
        }
        return Figure(name: "write and sync 4 KiB", value: "\(short(measured.median / 1e6)) ms")
    }
}
