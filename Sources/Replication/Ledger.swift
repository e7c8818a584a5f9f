package import Kernel

/// The rules of the op log and the documents.
///
/// A value that caches what the storage says of vector, clock and chains. Use a copy inside a transaction and keep
/// the copy when the transaction has been committed; then the two cannot disagree.
package struct Ledger: Sendable {
    /// Under which name this site writes.
    package let origin: Origin
    /// The fields of every document type.
    package let schema: DocumentSchema
    /// What is applied and stored here.
    package private(set) var vector: VersionVector

    /// Reads what a site's storage says; on the first start it begins epoch 1.
    package init(site: SiteID, schema: DocumentSchema, storage: inout some LedgerStorage) throws {
        origin = Origin(site: site, epoch: 1)
        self.schema = schema
        vector = VersionVector()
    }

    /// Makes one op of each request, in one transaction.
    package mutating func commit(
        _ requests: [EditRequest],
        at wall: WallTime,
        in storage: inout some LedgerStorage
    ) throws -> CommitResult {
        CommitResult(outcomes: [], changed: [], batch: nil, vector: vector)
    }

    /// Applies ops of a peer, as far as their causes are here.
    package mutating func apply(
        _ batch: OpsBatch,
        at wall: WallTime,
        in storage: inout some LedgerStorage
    ) throws -> ApplyOutcome {
        ApplyOutcome(origin: origin, applied: 0, changed: [], vector: vector, held: vector, missing: [], alarms: [])
    }

    /// Reads ops for a peer; a batch without bodies when there is nothing from there on.
    package static func read(_ request: OpsRequest, from storage: some LedgerStorage) throws -> OpsBatch {
        OpsBatch(origin: request.origin, first: request.from, previous: [], bodies: [], isCatchUp: true)
    }
}
