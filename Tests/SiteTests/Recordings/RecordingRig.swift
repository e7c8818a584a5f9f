import ContactCenter
import Foundation
import Kernel
import Replication
import Site
import SiteCore
import Store
import Synchronization
import Testing
import WebAPI

/// Two sites in one test: the north has recordings on a real disk, the south reads them over a link in the test's hand.
final class RecordingRig: Sendable {
    struct State {
        var now = WallTime(milliseconds: 1_800_000_000_000)
        var hasFolder = true
        /// Lines of the audit trails, by the site that wrote them.
        var trail: [SiteID: [RecordingAccess]] = [:]
        var records: [ContactID: ContactRecord] = [:]
        /// What the north's core holds open: it is forgotten with each start.
        var grants: [UInt64: RecordingPlace] = [:]
        var lastGrant: UInt64 = 0
        /// What the link says instead of the north, answer by answer; nil lets one pass.
        var instead: [RecordingReply?] = []
        var asked: [RecordingWish] = []
    }

    static let keep = Span.minutes(24 * 60)

    let north: SiteID
    let south: SiteID
    let contact = ContactID("north-1-1")
    let state = Mutex(State())
    let path: String
    let folder: RecordingFolder

    init() throws {
        north = try #require(SiteID("north"))
        south = try #require(SiteID("south"))
        path = FileManager.default.temporaryDirectory.appendingPathComponent("recordings-\(UUID())").path
        folder = try RecordingFolder(path, key: RecordingKey(bytes: [UInt8](repeating: 7, count: 32)))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The north's shelf; with another key than the recordings were made with when `isForeign`.
    func shelf(isForeign: Bool = false) throws -> RecordingShelf {
        let other = try RecordingFolder(path, key: RecordingKey(bytes: [UInt8](repeating: 8, count: 32)))
        return RecordingShelf(
            keep: Self.keep,
            now: { self.state.withLock { $0.now } },
            folder: { self.state.withLock { $0.hasFolder } ? (isForeign ? other : self.folder) : nil }
        )
    }

    /// Makes a recording; returns its name and the WAV file that it plays as.
    func make(frames: Int, at wall: WallTime? = nil) throws -> (name: String, wav: [UInt8]) {
        let writer = try folder.make(at: wall ?? state.withLock { $0.now })
        try writer.append((0..<(frames * 2)).map { Int16(truncatingIfNeeded: $0 &* 31) })
        try writer.finish()
        let file = try #require(try folder.open(writer.name))
        return (writer.name, try file.read(0..<file.length))
    }

    /// Writes the contact's record as replication brings it to both sites.
    func write(_ names: [RecordingName], incomplete: [RecordingName] = [], talkMs: Int64 = 4_000) throws {
        var storage = InMemoryLedgerStorage()
        var ledger = try Ledger(site: north, schema: Schema.documents, storage: &storage)
        ledger.writableLevel = DocumentSchema.newestLevel
        let changes: [FieldChange] =
            [.set(ContactField.talkMs, .int(talkMs), seen: nil)]
            + names.map { .append(ContactField.recordings, .string($0.text)) }
            + incomplete.map { .append(ContactField.recordings, .string($0.incompleteText)) }
        let edit = DocumentEdit(.id(contact.documentID, mustExist: false), changes)
        _ = try ledger.commit(
            [EditRequest(actor: .system, edits: [edit])],
            at: state.withLock { $0.now },
            in: &storage
        )
        let record = try #require(storage.document(contact.documentID).flatMap { ContactRecord($0) })
        state.withLock { $0.records[contact] = record }
    }

    /// The library of a site; `shelf` is its own disk.
    func library(of site: SiteID, shelf: RecordingShelf, donor: RecordingDonor? = nil) -> RecordingLibrary {
        RecordingLibrary(
            site: site,
            shelf: shelf,
            sources: RecordingLibrary.Sources(
                record: { contact in self.state.withLock { $0.records[contact] } },
                ask: { wish, _ in await self.ask(wish, donor) },
                note: { access in self.note(access, at: site) }
            )
        )
    }

    /// What gives the north's recordings to others.
    func donor(shelf: RecordingShelf) -> RecordingDonor {
        RecordingDonor(
            site: north,
            shelf: shelf,
            record: { contact in self.state.withLock { $0.records[contact] } },
            note: { access in self.note(access, at: self.north) }
        )
    }

    func trail(of site: SiteID) -> [RecordingAccess] { state.withLock { $0.trail[site] ?? [] } }

    private func note(_ access: RecordingAccess, at site: SiteID) {
        state.withLock { $0.trail[site, default: []].append(access) }
    }

    /// The two cores and the link between them, in little.
    private func ask(_ wish: RecordingWish, _ donor: RecordingDonor?) async -> RecordingReply {
        let instead = state.withLock { state -> RecordingReply? in
            state.asked.append(wish)
            return state.instead.isEmpty ? nil : state.instead.removeFirst()
        }
        if let instead { return instead }
        guard let donor else { return .away(since: nil) }
        switch wish {
        case .look(_, let place, let listener):
            let result = await donor.perform(.look(place, listener: listener, from: south))
            guard case .found(let facts) = result else { return Self.reply(result) }
            guard listener != nil else { return .found(facts, grant: 0) }
            let grant = state.withLock { state in
                state.lastGrant += 1
                state.grants[state.lastGrant] = place
                return state.lastGrant
            }
            return .found(facts, grant: grant)
        case .read(_, let grant, let offset, let length):
            guard let place = state.withLock({ $0.grants[grant] }) else { return .refused(.notOpen) }
            return Self.reply(await donor.perform(.read(place, offset: offset, length: length)))
        }
    }

    private static func reply(_ result: RecordingResult) -> RecordingReply {
        switch result {
        case .bytes(let bytes): .part(bytes)
        case .refused(let why): .refused(why)
        case .found(let facts): .found(facts, grant: 0)
        }
    }
}
