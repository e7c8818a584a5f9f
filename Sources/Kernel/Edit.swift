/// Who makes a change: an account, or the system itself.
package struct Actor: Hashable, Sendable {
    /// The account's key, or `system`.
    package let name: String

    /// Names an account as the actor.
    package init(_ name: String) {
        self.name = name
    }

    /// The node itself.
    package static let system = Actor("system")
}

/// A change that somebody asks for, before it has a dot and a stamp.
///
/// One request becomes one op: all of its edits are applied, or none.
package struct EditRequest: Hashable, Sendable {
    /// Who asks.
    package var actor: Actor
    /// The documents to change.
    package var edits: [DocumentEdit]

    /// Makes a request.
    package init(actor: Actor, edits: [DocumentEdit]) {
        self.actor = actor
        self.edits = edits
    }
}

/// Changes to one document.
package struct DocumentEdit: Hashable, Sendable {
    /// Which document an edit is about.
    package enum Target: Hashable, Sendable {
        /// A document by id; made by the first edit of it when `mustExist` is false.
        case id(DocumentID, mustExist: Bool)
        /// A new document whose key comes from the op's dot. Other edits of the request can point to it
        /// by `.created(index)`, its place among the request's new documents, from 0.
        case new(DocumentType)
    }

    /// Which document.
    package var target: Target
    /// What to change in it, in order.
    package var changes: [FieldChange]

    /// Makes an edit.
    package init(_ target: Target, _ changes: [FieldChange]) {
        self.target = target
        self.changes = changes
    }
}

/// One change of one field, as asked for.
package enum FieldChange: Hashable, Sendable {
    /// Writes a register. `seen` is the dot of the value that the writer looked at; nil means the newest here.
    /// A write that did not see the newest value is recorded as a conflict, never refused.
    case set(FieldID, Value, seen: Dot?)
    /// Writes the key of the request's `index`-th new document into a register.
    case setCreated(FieldID, index: Int)
    /// Writes the next number of a series (`ticket`) into a register: site prefix, counter, check digit.
    case setNumber(FieldID, series: String)
    /// Adds a value to an observed-remove set.
    case insert(FieldID, Value)
    /// Removes a value, as far as it was seen here, from an observed-remove set.
    case remove(FieldID, Value)
    /// Adds to a counter; negative amounts subtract.
    case add(FieldID, Int64)
    /// Appends an entry to a log.
    case append(FieldID, Value)
    /// Writes a register's lost value again, over the one that won.
    case restore(FieldID, lost: Dot)
    /// Forgets a register's lost value.
    case dismiss(FieldID, lost: Dot)
    /// Deletes the document. Later sight of older edits does not bring it back.
    case delete
}
