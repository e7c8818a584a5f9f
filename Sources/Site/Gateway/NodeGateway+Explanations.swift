import ContactCenter
import Kernel
import WebAPI

extension NodeGateway {
    func explanation(_ id: ContactID) async throws -> ExplanationResource? {
        nil
    }
}
