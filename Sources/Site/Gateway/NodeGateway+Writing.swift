import ContactCenter
import Kernel
import SiteCore
import Store
import WebAPI

extension NodeGateway {
    func commit(_ request: EditRequest, acknowledgement: AcknowledgementWish) async throws -> CommitReceipt {
        let receipt = try await edit([request])[0]
        guard let dot = receipt.dot else {
            throw receipt.refusal.map { GatewayError($0) } ?? GatewayError(.invalid, "The change was refused.")
        }
        let reached = await reach(dot, acknowledgement)
        return CommitReceipt(
            dot: dot,
            created: receipt.created,
            acknowledged: reached.level,
            missed: reached.missed,
            conflicts: receipt.conflicts.count { $0.won.dot == dot || $0.lost.dot == dot }
        )
    }

    func importCustomers(
        csv: [UInt8],
        dryRun: Bool,
        by actor: Actor,
        acknowledgement: AcknowledgementWish
    ) async throws -> (report: ImportReport, receipt: CommitReceipt?) {
        let (plan, errors) = try await storeReading { try await reader.planImport(csv) }
        let report = ImportReport(
            rows: plan.rows,
            created: plan.created.count,
            updated: plan.updated.count,
            duplicates: plan.duplicates,
            errors: errors.map { ImportProblem(line: $0.line, column: $0.column, message: $0.message) }
        )
        if dryRun || !errors.isEmpty { return (report, nil) }
        guard let last = try await write(plan, by: actor) else { return (report, nil) }
        // A site has an op only with all before it, so the last one stands for all.
        let reached = await reach(last, acknowledgement)
        let receipt = CommitReceipt(
            dot: last,
            created: [],
            acknowledged: reached.level,
            missed: reached.missed,
            conflicts: 0
        )
        return (report, receipt)
    }

    // MARK: - Private

    /// Writes all edits in one transaction: the core hands one command's requests to the disk together.
    ///
    /// Returns the last op; nil when there was nothing to write.
    private func write(_ plan: CustomerImport, by actor: Actor) async throws -> Dot? {
        let requests = EditRequest.forImport(plan, actor: actor)
        guard !requests.isEmpty else { return nil }
        let receipts = try await edit(requests)
        if let refusal = receipts.lazy.compactMap(\.refusal).first { throw GatewayError(refusal) }
        return receipts.last?.dot
    }

    private func edit(_ requests: [EditRequest]) async throws -> [EditReceipt] {
        switch try await core.perform(.edit(requests)) {
        case .edited(let receipts) where receipts.count == requests.count: return receipts
        case .refused(let refusal): throw GatewayError(refusal)
        case .edited, .done, .records, .blob, .recording, .opened:
            throw GatewayError(.unavailable, "The site gave no receipt; look whether it was done.")
        }
    }
}
