package import ContactCenter
package import Kernel
package import SiteCore
import Store
import WebAPI

/// Gives recordings of this site's disk to other sites, as the core asks for them.
///
/// The other site has asked who it is for, and by the same rule as here; what is checked here is that the contact's
/// record names the file as one of this site. A member of the cluster can hear what was recorded, but it cannot hear it
/// without a line in this site's audit trail.
package struct RecordingDonor: Sendable {
    private let site: SiteID
    private let shelf: RecordingShelf
    private let record: @Sendable (ContactID) async throws -> ContactRecord?
    private let note: @Sendable (RecordingAccess) -> Void

    /// A donor over a shelf; `record` reads a contact's record, `note` writes the audit trail.
    package init(
        site: SiteID,
        shelf: RecordingShelf,
        record: @escaping @Sendable (ContactID) async throws -> ContactRecord?,
        note: @escaping @Sendable (RecordingAccess) -> Void
    ) {
        self.site = site
        self.shelf = shelf
        self.record = record
        self.note = note
    }

    /// Does what the core wants; never fails, a refusal says why nothing is given.
    package func perform(_ task: RecordingTask) async -> RecordingResult {
        do {
            switch task {
            case .look(let place, let listener, let peer): return try await look(place, listener, peer)
            case .read(let place, let offset, let length):
                let bytes = try await shelf.read(place.file) { try $0.read(from: offset, length: length) }
                return bytes.map { .bytes($0) } ?? .refused(.notKept)
            }
        } catch let error as GatewayError where error.code == .overloaded {
            return .refused(.busy)
        } catch {
            return .refused(.unreadable)
        }
    }

    private func look(_ place: RecordingPlace, _ listener: String?, _ peer: SiteID) async throws -> RecordingResult {
        if let listener {
            note(RecordingAccess(by: listener, contact: place.contact, file: place.file, at: site, from: peer))
        }
        let name = RecordingName(site: site, file: place.file)
        guard try await record(place.contact)?.recordings.contains(name) == true,
            let facts = try await shelf.read(place.file, { RecordingFacts($0) })
        else { return .refused(.notKept) }
        return .found(facts)
    }
}

extension RecordingFacts {
    /// What is told of a file.
    init(_ file: RecordingFile) {
        let (left, right) = file.peaks(count: Limits.recordingPeaksMax)
        self.init(
            size: file.length,
            milliseconds: file.duration.milliseconds,
            peaks: zip(left, right).map { max($0, $1) }
        )
    }
}

extension RecordingFile {
    /// Bytes from an offset on, at most so many; none beyond the end.
    func read(from offset: Int, length: Int) throws(RecordingFailure) -> [UInt8] {
        let start = min(max(0, offset), self.length)
        return try read(start..<min(self.length, start + min(max(0, length), self.length)))
    }
}
