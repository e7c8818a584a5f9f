/// The number of a field within its document type, presence kind or message kind; never reused.
package struct FieldID: Hashable, Comparable, Sendable {
    /// The number.
    package let number: UInt16

    /// Makes an id from its number.
    package init(_ number: UInt16) {
        self.number = number
    }

    /// Orders by number.
    package static func < (left: FieldID, right: FieldID) -> Bool {
        left.number < right.number
    }
}

/// A small record of numbered values: what presence entries and messages between sites consist of.
///
/// A reader takes the fields that it knows; fields of a newer node pass through untouched.
package typealias FieldMap = [FieldID: Value]
