import ContactCenter
import Foundation
import Kernel
import Replication
import Store

/// Start and memory of a store with many customers: minutes of work, so only with `--customers N`.
///
/// One process makes the customers, a second one opens what the first has made, because memory that was used for the
/// making would count.
enum MillionFigures {
    /// Makes the database and measures it from a process of its own.
    static func measure(customers: Int) async throws -> [Figure] {
        let directory = NSTemporaryDirectory() + "tandem-benchmark-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = "\(directory)/north.sqlite"
        let start = ContinuousClock.now
        try await make(customers, at: path)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let process = Process()
        process.executableURL = URL(filePath: CommandLine.arguments[0])
        process.arguments = ["--open", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let values = output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        guard values.count == 4 else { return [Figure(name: "a store with \(customers) customers", value: "failed")] }
        return [
            Figure(name: "\(customers) customers made", value: "\(short(Double(customers) / seconds)) a second"),
            Figure(
                name: "start over them",
                value: "\(short(values[0])) s",
                against: "2 s wanted",
                ratio: short(values[0] / 2)
            ),
            Figure(name: "digest of all built after", value: "\(short(values[1])) s"),
            Figure(name: "10,000 edits of them", value: "\(short(10_000 / values[2])) a second"),
            Figure(
                name: "resident at the end",
                value: "\(short(values[3])) MB",
                against: "500 MB wanted",
                ratio: short(values[3] / 500)
            ),
        ]
    }

    /// What the second process does: prints seconds to start, to the digest, for edits, and the megabytes resident.
    static func open(_ path: String) async throws {
        guard let site = SiteID("north") else { return }
        let clock = ContinuousClock()
        let begin = clock.now
        let database = try SiteDatabase(.init(path: path, cluster: "benchmark", site: site))
        let store = try StoreThread(database, schema: Schema.documents)
        let reader = SiteReader(database)
        _ = try await reader.bootDocuments(of: [Schema.agent, Schema.queue, Schema.site])
        _ = try await reader.bootContacts(site: site, now: StoreThread.now)
        let started = clock.now
        while try await digest(store) == nil {}
        let summed = clock.now
        let sequence = store.start.vector.heads.first?.sequence ?? 1
        var random = SeededRandom(seed: 7)
        for _ in 0..<100 {
            let requests = (0..<100).map { _ in
                let dot = Dot(origin: store.start.origin, sequence: UInt64.random(in: 1...sequence, using: &random))
                let id = DocumentID(type: Schema.customer, dot: dot, index: 0)
                let change = FieldChange.set(CustomerField.score, .int(50), seen: nil)
                return EditRequest(actor: Actor("b"), edits: [DocumentEdit(.id(id, mustExist: true), [change])])
            }
            _ = try await store.perform(LedgerWork(wall: StoreThread.now, requests: requests))
        }
        let edited = clock.now
        let spent = [started - begin, summed - started, edited - summed].map { $0 / .seconds(1) }
        print(spent[0], spent[1], spent[2], residentMegabytes())
        store.stop()
        try database.close()
    }

    private static func make(_ count: Int, at path: String) async throws {
        guard let site = SiteID("north") else { return }
        let database = try SiteDatabase(.init(path: path, cluster: "benchmark", site: site))
        let store = try StoreThread(database, schema: Schema.documents)
        for first in stride(from: 0, to: count, by: 1_000) {
            let requests = try (first..<min(first + 1_000, count)).map { try LedgerPair.creation($0) }
            _ = try await store.perform(LedgerWork(wall: StoreThread.now, requests: requests))
        }
        store.stop()
        try database.close()
    }

    private static func digest(_ store: StoreThread) async throws -> DocumentHash? {
        let result = try await store.perform(LedgerWork(wall: StoreThread.now, tasks: [.readDigest])).tasks.first
        guard case .digest(let digest, _) = result else { return nil }
        return digest
    }

    private static func residentMegabytes() -> Double {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
        return pages * 4_096 / 1e6
    }
}
