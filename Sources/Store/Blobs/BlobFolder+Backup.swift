import Foundation
import Kernel
import Replication

/// Blobs in backups and in verification.
extension BlobFolder {
    /// How many blobs, and how many bytes.
    struct Sum: Hashable, Sendable {
        var count = 0
        var bytes: Int64 = 0
    }

    /// Puts all whole blobs into another folder, by a second name where the disk is the same: they never change.
    func share(with other: BlobFolder, progress: (Int64) -> Void) throws(StoreFailure) -> Sum {
        var sum = Sum()
        for blob in all() {
            let place = other.whole(blob)
            try BlobFile.share(whole(blob), as: place)
            sum.count += 1
            sum.bytes += Int64(try BlobFile.reading(place)?.length() ?? 0)
            progress(sum.bytes)
        }
        try other.sync()
        return sum
    }

    /// Puts in what another folder holds and this one lacks; each is held against its name first.
    func takeIn(_ other: BlobFolder, progress: (Int64) -> Void) throws(StoreFailure) {
        var done: Int64 = 0
        for blob in other.all() {
            guard let file = try BlobFile.reading(other.whole(blob)) else { continue }
            guard BlobID(try file.hash()) == blob else {
                throw StoreFailure(.badBackup, "The attachment \(other.whole(blob)) in the backup is damaged.")
            }
            done += Int64(try file.length())
            progress(done)
            // What is here whole stays; a copy and not a second name, so that the backup is the operator's alone.
            guard !FileManager.default.fileExists(atPath: whole(blob)) else { continue }
            let made = uploads + "/" + blob.hex
            try BlobFile.makeFolder(uploads)
            try? FileManager.default.removeItem(atPath: made)
            do {
                try FileManager.default.copyItem(atPath: other.whole(blob), toPath: made)
            } catch {
                throw StoreFailure(.inputOutput, "Could not copy \(other.whole(blob)).", cause: "\(error)")
            }
            try Folder.syncFile(made)
            try BlobFile.settle(made, as: whole(blob))
        }
    }

    /// Holds every whole blob against its name.
    func verify(_ report: inout VerifyReport, progress: (Int64) -> Void) throws(StoreFailure) {
        for blob in all() {
            guard let file = try BlobFile.reading(whole(blob)) else { continue }
            report.blobs += 1
            if BlobID(try file.hash()) != blob { report.add(damaged: blob) }
            progress(Int64(report.blobs))
        }
    }

    /// Brings the names of all shelves to the disk.
    private func sync() throws(StoreFailure) {
        guard FileManager.default.fileExists(atPath: root) else { return }
        for shelf in Set(all().map { self.shelf(of: $0) }).sorted() { try Folder.sync(of: shelf + "/x") }
        try Folder.sync(of: root + "/x")
    }
}
