import ContactCenter
import Kernel
import Synchronization
import Testing
import WebAPI

extension FakeGateway {
    func recordings(of contact: ContactID) async throws -> [RecordingResource] {
        state.withLock { state in
            (state.recordings[contact.key] ?? [:]).sorted { $0.key < $1.key }.map { name, bytes in
                RecordingResource(
                    file: name,
                    startedAt: Timestamp(WallTime(milliseconds: 1_000)),
                    seconds: Double(bytes.count),
                    peaks: [0, 0.5, 1],
                    site: "north"
                )
            }
        }
    }

    func openRecording(_ file: String, of contact: ContactID, by actor: Actor) async throws -> any OpenRecording {
        try #require(actor != .system)
        return try state.withLock { state in
            state.recordingsAsked.append("\(actor.name) \(contact.key) \(file)")
            if state.elsewhere.contains(file) {
                let since = Timestamp(WallTime(milliseconds: 0))
                throw GatewayError(
                    .unavailable,
                    "The recording lies at site south, which cannot be reached.",
                    away: AwaySite(site: "south", since: since)
                )
            }
            guard let bytes = state.recordings[contact.key]?[file] else {
                throw GatewayError(.notFound, "There is no such recording.")
            }
            return FakeRecording(content: bytes)
        }
    }
}

extension FakeGateway {
    func noteRefusedHearing(of contact: ContactID, by actor: Actor) {
        state.withLock { $0.hearingsRefused.append("\(actor.name) \(contact.key)") }
    }
}

/// A recording that gives three bytes at a time, as another site gives less than was asked for.
struct FakeRecording: OpenRecording {
    let content: [UInt8]

    var size: Int { content.count }

    func bytes(offset: Int, length: Int) async throws -> [UInt8] {
        try #require(offset >= 0 && length > 0 && offset < content.count)
        return Array(content.dropFirst(offset).prefix(min(3, length)))
    }
}
