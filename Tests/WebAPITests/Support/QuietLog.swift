import Logging

/// A log that keeps what requests are marked with, and writes only what ends the program.
enum QuietLog {
    static let logger: Logger = {
        var logger = Logger(label: "test") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical
        return logger
    }()
}
