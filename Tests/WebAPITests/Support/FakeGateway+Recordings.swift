import ContactCenter
import Kernel
import Synchronization
import Testing
import WebAPI

extension FakeGateway {
    func recordings(of contact: ContactID) async throws -> [RecordingResource] {
        state.withLock { state in
            (state.recordings[contact.key] ?? [:]).sorted { $0.key < $1.key }.map { name, bytes in
                let start = Timestamp(WallTime(milliseconds: 1_000))
                return RecordingResource(
                    file: name,
                    startedAt: start,
                    seconds: Double(bytes.count),
                    peaks: [0, 0.5, 1]
                )
            }
        }
    }

    func openRecording(
        _ file: String,
        of contact: ContactID,
        by actor: Actor,
        patience: Span
    ) async throws -> AttachmentStanding {
        try #require(patience > .zero && actor != .system)
        return try state.withLock { state in
            state.recordingsAsked.append("\(actor.name) \(contact.key) \(file)")
            if state.elsewhere.contains(file) { return .coming(bytes: 2, size: 9) }
            guard let bytes = state.recordings[contact.key]?[file] else {
                throw GatewayError(.notFound, "There is no such recording.")
            }
            return .here(size: bytes.count)
        }
    }

    func recordingBytes(_ file: String, of contact: ContactID, offset: Int, length: Int) async throws -> [UInt8]? {
        try #require(offset >= 0 && length > 0)
        return state.withLock { state in
            state.recordings[contact.key]?[file].map { Array($0.dropFirst(offset).prefix(length)) }
        }
    }
}
