import Kernel
import Replication
import SiteCore
import Store
import WebAPI

extension NodeGateway {
    func beginAttachment() async throws -> any AttachmentUpload {
        try await storeReading { StoredUpload(upload: try await blobs.upload()) }
    }

    func fetchAttachment(_ content: String, patience: Span) async throws -> AttachmentStanding {
        guard let blob = BlobID(content) else { throw GatewayError(.notFound, "There is no such file.") }
        switch try await core.perform(.fetchBlob(blob, patience: patience)) {
        case .blob(.here(let size)): return .here(size: size)
        case .blob(.coming(let progress)): return .coming(bytes: progress.length, size: progress.size)
        case .blob(.failed(let why)): throw GatewayError(.unavailable, Self.words(why))
        case .refused(let refusal): throw GatewayError(refusal)
        case .done, .edited, .opened, .records, .recording:
            throw GatewayError(.unavailable, "The site did not say whether the file is here.")
        }
    }

    func attachmentBytes(_ content: String, offset: Int, length: Int) async throws -> [UInt8]? {
        guard let blob = BlobID(content) else { return nil }
        return try await storeReading { try await blobs.read(blob, offset: offset, length: length) }
    }

    private static func words(_ failure: BlobFailure) -> String {
        switch failure {
        case .tooMany: "Too many files are on their way from other sites; try again in a moment."
        case .nobodyHasIt: "No site that can be reached has this file."
        case .damaged: "What came from other sites under this file's name is not this file."
        case .disk: "This site's disk does not take the file."
        }
    }
}

/// An upload as the web edge sees it.
private struct StoredUpload: AttachmentUpload {
    let upload: BlobUpload

    func append(_ bytes: [UInt8]) async throws {
        try await storeReading { try await upload.append(bytes) }
    }

    func finish() async throws -> (content: String, size: Int) {
        let done = try await storeReading { try await upload.finish() }
        return (done.blob.hex, done.size)
    }

    func cancel() async {
        await upload.cancel()
    }
}
