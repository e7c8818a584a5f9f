/// Why a certificate could not be made or read, and what to do about it.
package struct PKIError: Error, CustomStringConvertible {
    /// What kind of trouble it is.
    package enum Code: Sendable {
        /// A file that would be overwritten is there already.
        case exists
        /// A file is missing or cannot be read.
        case unreadable
        /// A file's content is not what it should be.
        case invalid
        /// A file cannot be written.
        case unwritable
    }

    /// The kind of trouble.
    package var code: Code
    /// What was wrong, where, and what to do.
    package var message: String

    /// The message.
    package var description: String { message }
}
