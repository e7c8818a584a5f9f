import Foundation

/// A command that could not be done: a message for a person and an exit code for a script (sysexits.h).
struct CommandFailure: Error, CustomStringConvertible {
    /// The exit codes that a script may rely on.
    enum Code: Int32 {
        /// It could not be done.
        case failed = 1
        /// The data given is wrong.
        case data = 65
        /// The configuration is wrong.
        case configuration = 78
    }

    let code: Code
    let message: String

    var description: String { message }

    /// Prints the message to standard error and ends the process with the code.
    func exitProcess() -> Never {
        Terminal.error(message)
        exit(code.rawValue)
    }
}

/// Runs a command's body and ends the process with the right code when it fails.
func reporting(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let failure as CommandFailure {
        failure.exitProcess()
    }
}
