import Kernel
import Logging
import Replication
import SiteCore
import Transport
import WebAPI

extension NodeGateway {
    func verification() async throws -> VerificationResource {
        VerificationResource(try await core.ask { $0.machine.recordsStatus.transfer })
    }

    func startVerification(by actor: Actor) async throws -> VerificationResource {
        let before = try await verification()
        audit("verification.begun", by: actor, ["rounds": "\(before.rounds)"])
        switch try await core.perform(.records(.verify)) {
        case .refused(let refusal): throw GatewayError(refusal)
        case .records(.refused(let why)): throw GatewayError(.refused, why)
        case .done, .edited, .records, .blob, .recording, .opened: return before
        }
    }

    func backups() async throws -> BackupListResource { backupKeeper.list() }

    func startBackup(named name: String?, by actor: Actor) async throws -> BackupRunResource {
        let now = core.loop.now.wall
        let run = try backupKeeper.start(named: name ?? BackupKeeper.name(site: configuration.site, at: now), at: now)
        audit("backup.begun", by: actor, ["backup": run.name])
        return run
    }

    /// Notes in the log who asked for what.
    func audit(_ event: Logger.Message, by actor: Actor, _ facts: [String: String]) {
        var metadata: Logger.Metadata = ["by": "\(actor.name)"]
        for (name, value) in facts { metadata[name] = "\(value)" }
        logger.notice(event, metadata: metadata)
    }
}
