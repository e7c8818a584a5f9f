import Foundation
import Glibc
import Kernel
import Replication

/// Files of blobs, by the system's own calls: what is written is brought to the disk when that is asked for.
struct BlobFile: ~Copyable {
    private let descriptor: Int32
    private let path: String

    /// Opens a file for reading; nil when there is none.
    static func reading(_ path: String) throws(StoreFailure) -> BlobFile? {
        let descriptor = openFile(path, O_RDONLY)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw failure(path, "open") }
        return BlobFile(descriptor: descriptor, path: path)
    }

    /// Opens a file for writing, and makes it and its folder when they are missing.
    static func writing(_ path: String) throws(StoreFailure) -> BlobFile {
        var descriptor = openFile(path, O_RDWR | O_CREAT)
        if descriptor < 0, errno == ENOENT {
            try makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
            descriptor = openFile(path, O_RDWR | O_CREAT)
        }
        guard descriptor >= 0 else { throw failure(path, "open") }
        return BlobFile(descriptor: descriptor, path: path)
    }

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Its length in bytes.
    func length() throws(StoreFailure) -> Int {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw Self.failure(path, "read") }
        return Int(facts.st_size)
    }

    /// Bytes from an offset on, at most `count`; fewer only at the end.
    func read(at offset: Int, count: Int) throws(StoreFailure) -> [UInt8] {
        var done = 0
        var isFailed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, used in
            while done < count, let place = buffer.baseAddress {
                let got = pread(descriptor, place + done, count - done, off_t(offset + done))
                if got < 0, errno == EINTR { continue }
                isFailed = got < 0
                if got <= 0 { break }
                done += got
            }
            used = done
        }
        if isFailed { throw Self.failure(path, "read") }
        return bytes
    }

    /// Writes bytes at an offset; what stood behind them is cut off.
    func write(_ bytes: [UInt8], at offset: Int) throws(StoreFailure) {
        guard ftruncate(descriptor, off_t(offset)) == 0 else { throw Self.failure(path, "write") }
        var done = 0
        while done < bytes.count {
            let put = bytes.withUnsafeBytes { buffer in
                buffer.baseAddress.map { pwrite(descriptor, $0 + done, buffer.count - done, off_t(offset + done)) } ?? 0
            }
            if put < 0, errno == EINTR { continue }
            guard put > 0 else { throw Self.failure(path, "write") }
            done += put
        }
    }

    /// Brings its bytes to the disk.
    func sync() throws(StoreFailure) {
        guard fsync(descriptor) == 0 else { throw Self.failure(path, "write") }
    }

    /// The hash of all its bytes.
    func hash() throws(StoreFailure) -> ContentHash {
        var hash = ContentHash()
        var offset = 0
        while true {
            let part = try read(at: offset, count: Limits.blobReadBytes)
            if part.isEmpty { return hash }
            hash.update(part)
            offset += part.count
        }
    }

    /// Gives a whole file its name for good: renamed, with both folders on the disk.
    static func settle(_ path: String, as place: String) throws(StoreFailure) {
        let folder = URL(fileURLWithPath: place).deletingLastPathComponent().path
        let isNew = !FileManager.default.fileExists(atPath: folder)
        if isNew { try makeFolder(folder) }
        guard rename(path, place) == 0 else { throw failure(place, "rename") }
        try Folder.sync(of: place)
        if isNew { try Folder.sync(of: folder) }
    }

    /// A second name for a file that never changes; a copy where the disk is another.
    static func share(_ path: String, as place: String) throws(StoreFailure) {
        try makeFolder(URL(fileURLWithPath: place).deletingLastPathComponent().path)
        if link(path, place) == 0 { return }
        do {
            try FileManager.default.copyItem(atPath: path, toPath: place)
        } catch {
            throw StoreFailure(.inputOutput, "Could not copy the file \(path) to \(place).", cause: "\(error)")
        }
        try Folder.syncFile(place)
    }

    static func makeFolder(_ path: String) throws(StoreFailure) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw StoreFailure(.cannotOpen, "Could not make the folder \(path).", cause: "\(error)")
        }
    }

    private static func failure(_ path: String, _ doing: String) -> StoreFailure {
        let number = errno
        let cause = String(cString: strerror(number))
        if number == ENOSPC || number == EDQUOT {
            return StoreFailure(.diskFull, "Could not write the file \(path): the disk is full.", cause: cause)
        }
        return StoreFailure(.inputOutput, "Could not \(doing) the file \(path).", cause: cause)
    }
}

/// The variadic `open` of C is called in this one place.
private func openFile(_ path: String, _ flags: Int32) -> Int32 {
    open(path, flags | O_CLOEXEC, 0o640)
}
