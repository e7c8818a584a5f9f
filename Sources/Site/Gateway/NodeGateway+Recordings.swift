import ContactCenter
import Kernel
import Logging
import WebAPI

/// Recordings of calls. No part of the site writes any yet, so no contact has one.
extension NodeGateway {
    func recordings(of contact: ContactID) async throws -> [RecordingResource] { [] }

    func openRecording(
        _ file: String,
        of contact: ContactID,
        by actor: Actor,
        patience: Span
    ) async throws -> AttachmentStanding {
        audit("recording.asked", by: actor, ["contact": contact.key, "file": file])
        throw GatewayError(.notFound, "There is no such recording.")
    }

    func recordingBytes(
        _ file: String,
        of contact: ContactID,
        offset: Int,
        length: Int
    ) async throws -> [UInt8]? { nil }
}
