import Glibc
import Kernel

/// The file beside the database that tells a restored copy of it from the database itself.
///
/// It says how far this site has written. A database that ends before that is an older copy: other sites may know ops
/// that it does not, and their names must not be given twice. After each commit one of two places in the file is
/// written over, in turn, without `fsync`: what is in the file is never ahead of the database that it stands beside.
/// A killed process leaves it exact, because the kernel has the bytes; after a power cut it may be behind by what the
/// kernel had not written yet, which accuses nobody. A write that was torn leaves the other place.
final class HeadFile {
    /// What was found at a start.
    enum Content: Hashable {
        /// There is no such file.
        case missing
        /// It cannot be read, or neither place in it holds a record.
        case damaged
        /// It says this.
        case record(HeadRecord)
    }

    private let descriptor: Int32
    private var record: HeadRecord
    private var number: UInt64
    private var isSynced = true

    /// The two places lie on different pages, so that one write cannot hurt both.
    private static let places: [Int] = [0, 4_096]
    private static let size = 4_096 + HeadRecord.size

    /// The head file of a database.
    static func path(of database: String) -> String { database + ".head" }

    /// Reads the file.
    static func read(database: String) -> Content {
        let descriptor = openHead(path(of: database), O_RDONLY)
        guard descriptor >= 0 else { return errno == ENOENT ? .missing : .damaged }
        defer { close(descriptor) }
        var newest: (record: HeadRecord, number: UInt64)?
        for place in places {
            var bytes = [UInt8](repeating: 0, count: HeadRecord.size)
            let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, place) }
            guard count == HeadRecord.size, let found = HeadRecord.decode(bytes) else { continue }
            if found.number >= newest?.number ?? 0 { newest = found }
        }
        return newest.map { .record($0.record) } ?? .damaged
    }

    /// Puts a new file in the old one's place, whole or not at all, and keeps it open.
    init(database: String, record: HeadRecord) throws(StoreFailure) {
        let path = HeadFile.path(of: database)
        let made = path + ".new"
        let descriptor = openHead(made, O_RDWR | O_CREAT | O_TRUNC)
        guard descriptor >= 0 else { throw HeadFile.failure(made) }
        self.descriptor = descriptor
        self.record = record
        number = 1
        var bytes = [UInt8](repeating: 0, count: HeadFile.size)
        let encoded = record.encoded(number: number)
        for place in HeadFile.places {
            bytes.replaceSubrange(place..<place + encoded.count, with: encoded)
        }
        let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        guard count == bytes.count, fsync(descriptor) == 0, rename(made, path) == 0 else {
            throw HeadFile.failure(made)
        }
        try Folder.sync(of: path)
    }

    deinit {
        close(descriptor)
    }

    /// Notes where the site's own log ends, after the commit.
    ///
    /// A failure is passed over: the file then says less than it could, and the next commit tries again.
    func note(epoch: UInt32, sequence: UInt64) {
        guard epoch != record.epoch || sequence != record.sequence else { return }
        record.epoch = epoch
        record.sequence = sequence
        number += 1
        isSynced = false
        let place = HeadFile.places[Int(number % 2)]
        _ = record.encoded(number: number).withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, place) }
    }

    /// Brings what was noted to the disk.
    func sync() {
        guard !isSynced else { return }
        isSynced = fdatasync(descriptor) == 0
    }

    private static func failure(_ path: String) -> StoreFailure {
        StoreFailure(
            errno == ENOSPC ? .diskFull : .cannotOpen,
            "Could not write the head file \(path).",
            cause: String(cString: strerror(errno))
        )
    }
}

/// Opens the file; the variadic `open` of C is called in this one place.
private func openHead(_ path: String, _ flags: Int32) -> Int32 {
    open(path, flags | O_CLOEXEC, 0o640)
}
