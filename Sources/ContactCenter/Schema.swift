package import Kernel

/// The types of documents that the cluster stores; their fields stand in `Schema+Fields…`.
///
/// Type and field numbers stand in op logs and on the wire. A number is never reused, not even after its meaning
/// is retired, because an old site may still send it.
package enum Schema {
    /// A person's file.
    package static let customer = DocumentType(1)
    /// An organisation that persons belong to.
    package static let organisation = DocumentType(2)
    /// A ticket.
    package static let ticket = DocumentType(3)
    /// An agent's profile.
    package static let agent = DocumentType(4)
    /// A queue.
    package static let queue = DocumentType(5)
    /// An account that can sign in.
    package static let account = DocumentType(6)
    /// The public half of a site's token key.
    package static let siteKey = DocumentType(7)
    /// The record of one contact.
    package static let contact = DocumentType(8)
    /// A site's display name and time zone.
    package static let site = DocumentType(9)
    /// Opening hours, holidays, emergencies.
    package static let calendar = DocumentType(10)
    /// What agents give as the reason for not taking contacts.
    package static let breakReason = DocumentType(11)
}
