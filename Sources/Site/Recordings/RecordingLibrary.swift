package import ContactCenter
package import Kernel
package import SiteCore
import Store
package import WebAPI

/// The recordings of contacts as pages of this site ask for them, wherever they lie.
///
/// What lies at another site is read from there while it is heard; nothing of it is kept here.
package struct RecordingLibrary: Sendable {
    /// What it works with.
    package struct Sources: Sendable {
        let record: @Sendable (ContactID) async throws -> ContactRecord?
        let ask: @Sendable (RecordingWish, Span) async throws -> RecordingReply
        let note: @Sendable (RecordingAccess) -> Void

        /// Names the sources.
        ///
        /// `record` reads a contact's record, `ask` puts a wish to the core with its patience, `note` writes the trail.
        package init(
            record: @escaping @Sendable (ContactID) async throws -> ContactRecord?,
            ask: @escaping @Sendable (RecordingWish, Span) async throws -> RecordingReply,
            note: @escaping @Sendable (RecordingAccess) -> Void
        ) {
            self.record = record
            self.ask = ask
            self.note = note
        }
    }

    private let site: SiteID
    private let shelf: RecordingShelf
    private let sources: Sources

    /// The library of a site.
    package init(site: SiteID, shelf: RecordingShelf, sources: Sources) {
        self.site = site
        self.shelf = shelf
        self.sources = sources
    }

    /// What a page lists of a contact; see `RecordingKeeper`.
    package func recordings(of contact: ContactID) async throws -> [RecordingResource] {
        guard let record = try await sources.record(contact) else { return [] }
        var found: [RecordingResource] = []
        // A site that is away or silent once is not waited for again.
        var given: [SiteID: RecordingReply] = [:]
        for name in record.recordings.prefix(Limits.recordingsPerContactMax) {
            guard let made = RecordingFolder.made(name.file) else { continue }
            let entry = RecordingEntry(
                name: name,
                made: made,
                talk: .milliseconds(record.talkMs ?? 0),
                isIncomplete: record.incompleteRecordings.contains(name)
            )
            if name.site == site {
                if let resource = try await here(entry) { found.append(resource) }
                continue
            }
            let wish = RecordingWish.look(name.site, RecordingPlace(contact, name.file), listener: nil)
            var answer = given[name.site]
            if answer == nil {
                let fresh = try await sources.ask(wish, Limits.recordingLookMax)
                answer = fresh
                switch fresh {
                case .away, .late: given[name.site] = fresh
                case .found, .part, .refused: break
                }
            }
            if let resource = answer.flatMap({ entry.resource($0) }) { found.append(resource) }
        }
        return found
    }

    /// Opens a recording for somebody; see `RecordingKeeper`.
    package func open(_ file: String, of contact: ContactID, by actor: Actor) async throws -> any OpenRecording {
        let name = try await sources.record(contact)?.recordings.first { $0.file == file }
        let access = RecordingAccess(
            by: actor.name,
            contact: contact,
            file: file,
            at: name?.site ?? site,
            from: site
        )
        // A try is on record too.
        sources.note(access)
        guard let name else { throw GatewayError(.notFound, "There is no such recording.") }
        guard name.site == site else {
            return try await RemoteRecording.open(access, ask: sources.ask)
        }
        guard let size = try await shelf.read(file, { $0.length }) else {
            throw GatewayError(.notFound, "The recording is not kept any more.")
        }
        return LocalRecording(shelf: shelf, file: file, size: size)
    }

    private func here(_ entry: RecordingEntry) async throws -> RecordingResource? {
        do {
            let facts = try await shelf.read(entry.name.file) { RecordingFacts($0) }
            return facts.map { entry.resource($0, standing: .here) }
        } catch let error as GatewayError where error.code == .unavailable {
            // One that is damaged hides no other.
            return entry.resource(nil, standing: .unreadable)
        }
    }
}

/// A recording of this site's own disk.
private struct LocalRecording: OpenRecording {
    let shelf: RecordingShelf
    let file: String
    let size: Int

    func bytes(offset: Int, length: Int) async throws -> [UInt8] {
        guard let bytes = try await shelf.read(file, { try $0.read(from: offset, length: length) }), !bytes.isEmpty
        else { throw GatewayError(.notFound, "The recording is not kept any more.") }
        return bytes
    }
}

/// A recording as a contact's record names it.
struct RecordingEntry {
    let name: RecordingName
    let made: WallTime
    /// How long the talk was: what is known of its length before its site tells.
    let talk: Span
    let isIncomplete: Bool

    /// What a page lists of it; nil when it is not kept any more.
    func resource(_ answer: RecordingReply) -> RecordingResource? {
        switch answer {
        case .found(let facts, _): resource(facts, standing: .elsewhere)
        case .refused(.notKept): nil
        case .refused(.unreadable): resource(nil, standing: .unreadable)
        case .refused(.busy), .refused(.notOpen), .part: resource(nil, standing: .elsewhere)
        case .away(let since): resource(nil, standing: .away, since: since)
        case .late: resource(nil, standing: .away)
        }
    }

    /// A recording is named when it is finished, so it began its length before.
    func resource(
        _ facts: RecordingFacts?,
        standing: RecordingResource.Standing,
        since: WallTime? = nil
    ) -> RecordingResource {
        let length = facts?.milliseconds ?? talk.milliseconds
        return RecordingResource(
            file: name.file,
            startedAt: Timestamp(WallTime(milliseconds: made.milliseconds - length)),
            seconds: Double(length) / 1_000,
            peaks: (facts?.peaks ?? []).map { (Double($0) / 255 * 1_000).rounded() / 1_000 },
            incomplete: isIncomplete,
            site: name.site.name,
            standing: standing,
            awaySince: since.map { Timestamp($0) }
        )
    }
}
