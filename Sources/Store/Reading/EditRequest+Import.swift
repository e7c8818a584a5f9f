package import ContactCenter
package import Kernel

extension EditRequest {
    /// The requests that carry out an import, each with as many customers as one op may change.
    package static func forImport(_ plan: CustomerImport, actor: Actor) -> [EditRequest] {
        let edits = plan.created + plan.updated
        return stride(from: 0, to: edits.count, by: Limits.importCustomersPerOp).map { start in
            EditRequest(actor: actor, edits: Array(edits[start...].prefix(Limits.importCustomersPerOp)))
        }
    }
}
