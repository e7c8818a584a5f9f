/// What people wrote to documents that others had deleted.
package protocol LostFoundSource: Sendable {
    /// Deleted documents with something lost in them, newest first, at most `limit`; throws `.invalid` for a cursor
    /// that this site did not give.
    func lostFound(limit: Int, cursor: String?) async throws -> Page<LostFoundResource>
}
