package import ContactCenter
package import Kernel

/// Keeps the recordings of calls, and reads those that are at another site from there.
///
/// Routes ask only for those who may hear a contact (`RecordingRule`).
package protocol RecordingKeeper: Sendable {
    /// The recordings of a contact by time, at most `Limits.recordingsPerContactMax`; none when it was not recorded.
    ///
    /// What another site has is named also while that site cannot be reached. Nobody hears anything by this, so it is
    /// not noted.
    func recordings(of contact: ContactID) async throws -> [RecordingResource]
    /// Opens a recording for somebody, which is noted in the audit trail first: here, and at the site that has it.
    ///
    /// Throws `.notFound` when the contact has no such recording or it is not kept any more, `.unavailable` when it
    /// cannot be had now; where the reason is a site that cannot be reached, `GatewayError.away` names it.
    func openRecording(_ file: String, of contact: ContactID, by actor: Actor) async throws -> any OpenRecording
    /// Notes in the audit trail that somebody who may not hear a contact wanted to.
    func noteRefusedHearing(of contact: ContactID, by actor: Actor)
}

/// A recording that somebody listens to.
package protocol OpenRecording: Sendable {
    /// Bytes of the WAV file.
    var size: Int { get }
    /// Bytes from an offset of the file on: at least one, at most `length`.
    ///
    /// Throws what `openRecording` throws; never gives less than there is as if it were all.
    func bytes(offset: Int, length: Int) async throws -> [UInt8]
}
