package import ContactCenter
package import Kernel

/// Keeps the recordings of calls, and gets those that are at another site.
///
/// Routes ask only for those who may hear a contact: supervisors, administrators and the agent who handled it.
package protocol RecordingKeeper: Sendable {
    /// The recordings of a contact by time, at most `Limits.recordingsPerContactMax`; none when it was not recorded.
    func recordings(of contact: ContactID) async throws -> [RecordingResource]
    /// Wants a recording on this site's disk and notes in the audit trail who asks; answers when it is there, after the
    /// patience at the latest.
    ///
    /// It goes on being fetched after that. Throws `.notFound` when the contact has no such recording, `.unavailable`
    /// when it cannot be had now.
    func openRecording(
        _ file: String,
        of contact: ContactID,
        by actor: Actor,
        patience: Span
    ) async throws -> AttachmentStanding
    /// Bytes of a recording that is here, from an offset of the WAV file on, at most `length`; nil when it is gone.
    func recordingBytes(
        _ file: String,
        of contact: ContactID,
        offset: Int,
        length: Int
    ) async throws -> [UInt8]?
}
