import Glibc

/// Keeps a second process away from a database for as long as this value lives.
///
/// SQLite would let two nodes share the file; both would then number their ops from the same counter and one dot
/// would name two ops. The lock is the kernel's (`flock`), so a killed process leaves none behind; the process id
/// in the file is only for the message.
final class DatabaseLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock beside the database at `path`, or says who has it.
    init(databasePath path: String) throws(StoreFailure) {
        let lockPath = path + ".lock"
        let descriptor = openLockFile(lockPath)
        guard descriptor >= 0 else {
            throw StoreFailure(.cannotOpen, "Could not make the lock file \(lockPath).", cause: Self.lastError())
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.readHolder(descriptor)
            close(descriptor)
            throw StoreFailure(
                .locked,
                "The database \(path) is in use by process \(holder). Stop that process first; "
                    + "two nodes must never share a database."
            )
        }
        self.descriptor = descriptor
        let text = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    deinit {
        close(descriptor)
    }

    private static func readHolder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        let digits = bytes.prefix(max(0, count)).prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        return digits.isEmpty ? "(unknown)" : String(decoding: digits, as: UTF8.self)
    }

    private static func lastError() -> String {
        String(cString: strerror(errno))
    }
}

/// Opens or makes the lock file; the variadic `open` of C is called in this one place.
private func openLockFile(_ path: String) -> Int32 {
    open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
}
