import ContactCenter
import Kernel
import Logging
import SiteCore
import Store
import WebAPI

/// Recordings of calls: a contact's record names them, with the site that has each.
extension NodeGateway {
    func recordings(of contact: ContactID) async throws -> [RecordingResource] {
        try await recordingLibrary.recordings(of: contact)
    }

    func openRecording(_ file: String, of contact: ContactID, by actor: Actor) async throws -> any OpenRecording {
        try await recordingLibrary.open(file, of: contact, by: actor)
    }

    func noteRefusedHearing(of contact: ContactID, by actor: Actor) {
        logger.notice("recording.refused", metadata: ["by": "\(actor.name)", "contact": "\(contact.key)"])
    }
}

extension RecordingLibrary {
    /// The library of a node: records from its disk, wishes to its core, notes in its log.
    init(
        _ configuration: SiteConfiguration,
        shelf: RecordingShelf,
        core: CoreHandle,
        reader: SiteReader,
        logger: Logger
    ) {
        let sources = Sources(
            record: { contact in try await storeReading { try await reader.contactRecord(contact) } },
            ask: { wish, patience in
                switch try await core.perform(.recording(wish, patience: patience)) {
                case .recording(let reply): return reply
                case .refused(let refusal): throw GatewayError(refusal)
                case .done, .edited, .opened, .records, .blob:
                    throw GatewayError(.unavailable, "The site did not say where the recording is.")
                }
            },
            note: { $0.write(to: logger) }
        )
        self.init(site: configuration.site, shelf: shelf, sources: sources)
    }
}

extension SiteReader {
    /// The record of a contact; nil when there is none.
    func contactRecord(_ contact: ContactID) async throws -> ContactRecord? {
        try await document(contact.documentID).flatMap { ContactRecord($0) }
    }
}
