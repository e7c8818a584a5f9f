import Foundation
import Kernel
import Logging
import Store
import Synchronization
import WebAPI

/// Makes online backups in the site's folder, one at a time, and lists them.
final class BackupKeeper: Sendable {
    private struct State {
        var running: BackupRunResource?
        var last: BackupRunResource?
    }

    private static let suffix = ".sqlite"

    private let database: SiteDatabase
    private let folder: String
    private let logger: Logger
    private let state = Mutex(State())

    init(_ database: SiteDatabase, folder: String, logger: Logger) {
        self.database = database
        self.folder = folder
        self.logger = logger
    }

    /// The name of a backup that nobody named: `north-20261122-203000`, in UTC.
    static func name(site: SiteID, at now: WallTime) -> String {
        let digits = Timestamp(now).description.prefix { $0 != "." }.filter { $0.isNumber || $0 == "T" }
        return "\(site.name)-\(digits.replacing("T", with: "-"))"
    }

    /// Begins a backup.
    ///
    /// Throws `.refused` while another one runs or when the name is taken.
    func start(named name: String, at now: WallTime) throws -> BackupRunResource {
        let run = BackupRunResource(name: name, startedAt: Timestamp(now), phase: "copying")
        let isTaken = FileManager.default.fileExists(atPath: path(name))
        try state.withLock { state in
            if let running = state.running {
                throw GatewayError(.refused, "The backup \(running.name) is still being made; wait for it.")
            }
            if isTaken { throw GatewayError(.refused, "There is a backup \(name) already; give another name.") }
            state.running = run
        }
        Task { await make(run, at: now) }
        return run
    }

    /// All that are there, newest first, at most `Limits.backupsListedMax`.
    func list() -> BackupListResource {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let found = names.filter { $0.hasSuffix(Self.suffix) }.map { read(String($0.dropLast(Self.suffix.count))) }
        let sorted = found.sorted { left, right in
            let made = (left.manifest?.madeAt.wall.milliseconds ?? 0, right.manifest?.madeAt.wall.milliseconds ?? 0)
            return made.0 == made.1 ? left.name < right.name : made.0 > made.1
        }
        let now = state.withLock { $0 }
        return BackupListResource(
            folder: folder,
            running: now.running,
            last: now.last,
            items: Array(sorted.prefix(Limits.backupsListedMax))
        )
    }

    private func path(_ name: String) -> String {
        (folder as NSString).appendingPathComponent(name + Self.suffix)
    }

    private func make(_ run: BackupRunResource, at now: WallTime) async {
        var end = run
        do {
            let manifest = try await database.backUp(to: path(run.name), at: now) { [self] progress in
                state.withLock { state in
                    state.running?.phase = progress.phase.rawValue
                    state.running?.done = progress.done
                    state.running?.total = progress.total
                }
            }
            (end.phase, end.done, end.total) = ("done", manifest.bytes, manifest.bytes)
            logger.notice("backup.made", metadata: ["backup": "\(run.name)", "bytes": "\(manifest.bytes)"])
        } catch {
            (end.phase, end.problem) = ("failed", "\(error)")
            logger.error("backup.failed", metadata: ["backup": "\(run.name)", "error": "\(error)"])
        }
        state.withLock { state in
            state.running = nil
            state.last = end
        }
    }

    private func read(_ name: String) -> BackupResource {
        let path = path(name)
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let bytes = (attributes?[.size] as? NSNumber)?.int64Value ?? 0
        do {
            let manifest = try BackupManifest(ofBackup: path)
            let problem =
                bytes == manifest.bytes
                ? nil : "The file has \(bytes) bytes, its manifest says \(manifest.bytes): it was cut or changed."
            return BackupResource(
                name: name,
                path: path,
                bytes: bytes,
                manifest: BackupManifestResource(manifest),
                problem: problem
            )
        } catch {
            return BackupResource(name: name, path: path, bytes: bytes, manifest: nil, problem: error.message)
        }
    }
}

extension BackupManifestResource {
    fileprivate init(_ manifest: BackupManifest) {
        self.init(
            madeAt: Timestamp(WallTime(milliseconds: manifest.madeAt)),
            epoch: manifest.epoch,
            vector: Dictionary(manifest.vector.map { ($0.origin, $0.sequence) }, uniquingKeysWith: { $1 }),
            sha256: manifest.sha256
        )
    }
}
