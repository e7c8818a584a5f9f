import Glibc

/// Why a recording could not be written or read, in words.
package struct RecordingFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// One plain sentence, with the file that it is about.
    package let description: String

    /// Makes a failure.
    package init(_ description: String) {
        self.description = description
    }

    /// What the system said when it was last asked.
    init(doing: String, _ path: String) {
        let cause = String(cString: strerror(errno))
        description = "could not \(doing) \(path): \(cause)"
    }
}
