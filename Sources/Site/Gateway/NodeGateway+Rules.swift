import ContactCenter
import Kernel
import Store
import WebAPI

/// What the rules of routing are made of.
extension NodeGateway {
    func documents(of type: DocumentType) async throws -> [Document] {
        try await storeReading { try await reader.documents(of: type) }
    }

    func zone(_ name: String, at now: WallTime) async throws -> ZoneTable? {
        try? ZoneTables.table(name, around: now)
    }
}
