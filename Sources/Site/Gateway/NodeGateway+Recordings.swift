import ContactCenter
import Kernel
import Logging
import Store
import WebAPI

/// Recordings of calls: a contact's record names them, with the site that has each.
extension NodeGateway {
    func recordings(of contact: ContactID) async throws -> [RecordingResource] {
        guard let record = try await record(contact) else { return [] }
        var found: [RecordingResource] = []
        for name in record.recordings.prefix(Limits.recordingsPerContactMax) {
            guard let made = RecordingFolder.made(name.file) else { continue }
            guard name.site == configuration.site else {
                // Its picture is where it lies; that there is one shall be seen everywhere.
                let talk = record.talkMs ?? 0
                found.append(Self.resource(name.file, made, .milliseconds(talk), peaks: []))
                continue
            }
            let resource = try await recordingShelf.read(name.file) { file in
                let (left, right) = file.peaks(count: Limits.recordingPeaksMax)
                return Self.resource(name.file, made, file.duration, peaks: zip(left, right).map { max($0, $1) })
            }
            if let resource { found.append(resource) }
        }
        return found
    }

    func openRecording(
        _ file: String,
        of contact: ContactID,
        by actor: Actor,
        patience: Span
    ) async throws -> AttachmentStanding {
        audit("recording.asked", by: actor, ["contact": contact.key, "file": file])
        guard let name = try await record(contact)?.recordings.first(where: { $0.file == file }) else {
            throw GatewayError(.notFound, "There is no such recording.")
        }
        guard name.site == configuration.site else {
            throw GatewayError(.unavailable, "The recording lies at site \(name.site.name); listen to it there.")
        }
        guard let size = try await recordingShelf.read(file, { $0.length }) else {
            throw GatewayError(.notFound, "The recording is not kept any more.")
        }
        return .here(size: size)
    }

    func recordingBytes(
        _ file: String,
        of contact: ContactID,
        offset: Int,
        length: Int
    ) async throws -> [UInt8]? {
        try await recordingShelf.read(file) { recording in
            let start = min(max(0, offset), recording.length)
            return try recording.read(start..<min(recording.length, start + max(0, length)))
        }
    }

    private func record(_ contact: ContactID) async throws -> ContactRecord? {
        try await storeReading { try await reader.document(contact.documentID).flatMap { ContactRecord($0) } }
    }

    /// A recording is named when it is finished, so it began its length before.
    private static func resource(
        _ file: String,
        _ made: WallTime,
        _ length: Span,
        peaks: [UInt8]
    ) -> RecordingResource {
        RecordingResource(
            file: file,
            startedAt: Timestamp(WallTime(milliseconds: made.milliseconds - length.milliseconds)),
            seconds: Double(length.milliseconds) / 1_000,
            peaks: peaks.map { (Double($0) / 255 * 1_000).rounded() / 1_000 }
        )
    }
}
