/// A contact that has just been put into its queue.
package struct OpenedContactResource: Codable, Hashable, Sendable {
    /// The contact.
    package var id: String
    /// Its ticket.
    @Nullable package var ticket: String?

    /// Puts one together.
    package init(
        id: String,
        ticket: String? = nil
    ) {
        self.id = id
        self.ticket = ticket
    }
}
