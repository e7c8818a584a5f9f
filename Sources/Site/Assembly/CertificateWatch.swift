import Foundation
import Kernel
import Logging
import Mesh
import ServiceLifecycle
import Telephony
import Transport
import UnixSignals

/// Takes new certificate files and a changed list of revoked certificates into use while the site runs, and tells when
/// a certificate runs out.
///
/// It looks every ten seconds, and at once on SIGHUP. Files that cannot be used are told once and change nothing: a
/// certificate is copied before its key.
actor CertificateWatch: Service {
    private let core: CoreHandle
    private let files: CertificateFiles
    private let logger: Logger
    private var known: CertificateFiles.Contents?
    private var warnedAt: [String: WallTime] = [:]

    init(core: CoreHandle, files: CertificateFiles, logger: Logger) {
        self.core = core
        self.files = files
        self.logger = logger
    }

    func run() async {
        let hangUps = await UnixSignalsSequence(trapping: .sighup)
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in hangUps { await self.check(isAsked: true) }
                }
                group.addTask {
                    while !Task.isCancelled {
                        await self.check(isAsked: false)
                        try? await Task.sleep(for: .milliseconds(Limits.certificateCheckInterval.milliseconds))
                    }
                }
                await group.waitForAll()
            }
        }
    }

    private func check(isAsked: Bool) async {
        let seen = files.contents()
        let before = known
        known = seen
        // The first look finds what the site has just started with; doing it again closes the gap between the two.
        if seen.tls != before?.tls { await renew(isFirst: before == nil) }
        if seen.telephone != before?.telephone { await renewTelephone(isFirst: before == nil) }
        if seen.revoked != before?.revoked || before == nil { await revoke(isFirst: before == nil) }
        if isAsked, seen == before { logger.notice("certificate.unchanged") }
        let now = core.loop.now.wall
        try? await core.ask { $0.mesh?.endExpired(at: now) }
        await warnOfExpiry(at: now)
    }

    private func renew(isFirst: Bool) async {
        do {
            let context = try TLSContext(files.tls)
            try await core.ask { try $0.mesh?.use(context) }
            guard !isFirst else { return }
            warnedAt = [:]
            logger.notice(
                "certificate.renewed",
                metadata: ["serial": "\(context.identity.serial)", "days": "\(days(context.identity.expiresAt))"]
            )
        } catch {
            await alarm("certificate.unusable", ["reason": "\(error)", "now": "the one before stays in use"])
        }
    }

    private func renewTelephone(isFirst: Bool) async {
        do {
            let tls = try files.telephone.load()
            try await core.ask { $0.sockets?.use(tls) }
            guard !isFirst else { return }
            warnedAt["sip"] = nil
            logger.notice("certificate.renewed", metadata: ["of": "sip"])
        } catch {
            let now = "the one before stays in use"
            await alarm("certificate.unusable", ["of": "sip", "reason": "\(error)", "now": "\(now)"])
        }
    }

    private func revoke(isFirst: Bool) async {
        do {
            let list = try files.revoked()
            let own = try await core.ask { shell in
                shell.mesh?.revoke(list)
                return shell.mesh?.identity
            }
            if !isFirst { logger.notice("certificate.revocations", metadata: ["count": "\(list.notes.count)"]) }
            guard let own, list.contains(own.serial) else { return }
            await alarm("certificate.own-revoked", ["serial": "\(own.serial)"])
        } catch {
            await alarm(
                "certificate.revocations-unusable",
                ["reason": "\(error)", "now": "the list before stays in use"]
            )
        }
    }

    private func warnOfExpiry(at now: WallTime) async {
        let ends = (try? await core.ask { $0.certificateEnds }) ?? []
        for end in ends where end.expiresAt - now < Limits.certificateWarnBefore {
            let last = warnedAt[end.holder]
            guard last.map({ now - $0 >= Limits.certificateWarnAgain }) ?? true else { continue }
            warnedAt[end.holder] = now
            let event = end.expiresAt < now ? "certificate.expired" : "certificate.expires"
            await alarm(event, ["holder": "\(end.holder)", "days": "\(days(end.expiresAt))"])
        }
    }

    private func alarm(_ event: String, _ metadata: Logger.Metadata) async {
        logger.critical("\(event)", metadata: metadata)
        try? await core.ask { $0.alarms += 1 }
    }

    private func days(_ end: WallTime) -> Int64 {
        (end - core.loop.now.wall).milliseconds / 86_400_000
    }
}
