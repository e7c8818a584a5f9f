import Store
import WebAPI

extension NodeGateway {
    func lostFound(limit: Int, cursor: String?) async throws -> Page<LostFoundResource> {
        try await storeReading {
            let page = try await reader.lostFound(limit: limit, cursor: cursor)
            return Page(items: page.items.map(LostFoundResource.init), next: page.next)
        }
    }
}
