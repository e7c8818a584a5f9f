package import ContactCenter

/// Names one try to join a contact with one agent.
///
/// A contact that was not answered is offered again; the attempt number keeps a late message of an earlier try
/// from touching the present one.
package struct BridgeID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The contact.
    package let contact: ContactID
    /// The number of the try, from 1; given by the contact's site.
    package let attempt: Int64

    /// Makes an id.
    package init(contact: ContactID, attempt: Int64) {
        self.contact = contact
        self.attempt = attempt
    }

    /// Orders by contact, then attempt.
    package static func < (left: BridgeID, right: BridgeID) -> Bool {
        (left.contact, left.attempt) < (right.contact, right.attempt)
    }

    /// For log lines: `north-1-7#2`.
    package var description: String { "\(contact)#\(attempt)" }
}
