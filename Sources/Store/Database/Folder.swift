import Foundation
import Glibc

/// What a folder needs beside its files.
enum Folder {
    /// Brings the names in a file's folder to the disk, so that a renamed file is there after a power cut.
    static func sync(of path: String) throws(StoreFailure) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = openFolder(folder)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw StoreFailure(
                .inputOutput,
                "Could not bring the folder \(folder) to the disk.",
                cause: String(cString: strerror(errno))
            )
        }
    }

    /// Brings a file's bytes to the disk.
    static func syncFile(_ path: String) throws(StoreFailure) {
        let descriptor = openFolder(path)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw StoreFailure(
                .inputOutput,
                "Could not bring the file \(path) to the disk.",
                cause: String(cString: strerror(errno))
            )
        }
    }
}

/// Opens a folder or file for `fsync`; the variadic `open` of C is called in this one place.
private func openFolder(_ path: String) -> Int32 {
    open(path, O_RDONLY | O_CLOEXEC)
}
