/// Why a change of a record cannot be made; said to people, with the field it is about.
package struct EditRejection: Hashable, Error, Sendable {
    /// What kind of trouble.
    package enum Code: String, Hashable, CaseIterable, Sendable {
        /// The record does not exist here, or is deleted.
        case notFound
        /// The value does not fit the field.
        case invalid
        /// A field that must be filled is empty.
        case missing
        /// The value is too long, or there are too many.
        case tooLarge
        /// The record's state does not allow the change.
        case wrongState
    }

    /// What kind of trouble.
    package let code: Code
    /// The field as the API names it; nil when it is about the whole record.
    package let field: String?
    /// What is wrong and what would be right, in a sentence.
    package let message: String

    /// Makes a rejection.
    package init(_ code: Code, field: String? = nil, _ message: String) {
        self.code = code
        self.field = field
        self.message = message
    }
}
