import ContactCenter
import Kernel
import SiteCore
import Store
import WebAPI

extension NodeGateway {
    func commit(_ request: EditRequest, acknowledgement: Acknowledgement) async throws -> CommitReceipt {
        let receipt = try await edit([request])[0]
        guard let dot = receipt.dot else {
            throw receipt.refusal.map { GatewayError($0) } ?? GatewayError(.invalid, "The change was refused.")
        }
        // Other sites' disks are asked for with the acknowledgement levels; until then the receipt says what holds.
        return CommitReceipt(
            dot: dot,
            created: receipt.created,
            acknowledged: .local,
            conflicts: receipt.conflicts.count { $0.won.dot == dot || $0.lost.dot == dot }
        )
    }

    func importCustomers(csv: [UInt8], dryRun: Bool, by actor: Actor) async throws -> ImportReport {
        let (plan, errors) = try await storeReading { try await reader.planImport(csv) }
        let report = ImportReport(
            rows: plan.rows,
            created: plan.created.count,
            updated: plan.updated.count,
            duplicates: plan.duplicates,
            errors: errors.map { ImportProblem(line: $0.line, column: $0.column, message: $0.message) }
        )
        if dryRun || !errors.isEmpty { return report }
        try await write(plan, by: actor)
        return report
    }

    // MARK: - Private

    /// Writes all edits in one transaction: the core hands one command's requests to the disk together.
    private func write(_ plan: CustomerImport, by actor: Actor) async throws {
        let requests = EditRequest.forImport(plan, actor: actor)
        guard !requests.isEmpty else { return }
        for receipt in try await edit(requests) {
            if let refusal = receipt.refusal { throw GatewayError(refusal) }
        }
    }

    private func edit(_ requests: [EditRequest]) async throws -> [EditReceipt] {
        switch try await core.perform(.edit(requests)) {
        case .edited(let receipts) where receipts.count == requests.count: return receipts
        case .refused(let refusal): throw GatewayError(refusal)
        case .edited, .done: throw GatewayError(.unavailable, "The site gave no receipt; look whether it was done.")
        }
    }
}
