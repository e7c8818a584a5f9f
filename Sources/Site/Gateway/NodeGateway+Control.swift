import ContactCenter
import Kernel
import Mesh
import SiteCore
import Store
import Transport
import WebAPI

/// The links to other sites, for drills.
struct LinkControl: Sendable {
    let core: CoreHandle

    /// How the links stand.
    func status() async throws -> [MeshLinkStatus] {
        try await core.ask { $0.mesh?.status ?? [] }
    }

    /// Cuts a link or joins it again.
    func set(_ peer: SiteID, cut: Bool) async throws {
        try await core.ask { $0.mesh?.cut(peer, cut) }
    }
}

extension NodeGateway {
    func sites() async throws -> [SiteResource] {
        let view = try await core.ask { $0.view }
        let zones = try await storeReading {
            try await reader.documents(of: Schema.site).reduce(into: [String: String]()) { zones, document in
                zones[document.id.key] = document.value(SiteField.zone)?.string
            }
        }
        let all = view.sites.map { row in
            SiteResource(
                id: row.id.name,
                name: row.name,
                url: urls[row.id] ?? "",
                zone: zones[row.id.name],
                state: SiteCondition(row.state)
            )
        }
        return all.filter { $0.id == configuration.site.name } + all.filter { $0.id != configuration.site.name }
    }

    func setLink(to peer: String, cut: Bool) async throws {
        guard let site = SiteID(peer), configuration.peers.contains(where: { $0.site == site }) else {
            let known = configuration.peers.map(\.site.name).sorted().joined(separator: ", ")
            throw GatewayError(.notFound, "There is no link to '\(peer)'; this site's peers are: \(known).")
        }
        try await links.set(site, cut: cut)
    }

    func readiness() async -> ReadinessResource {
        guard let seen = try? await core.ask({ (isDraining: $0.machine.isDraining, ends: $0.certificateEnds) }) else {
            return ReadinessResource(ready: false, reasons: ["The core does not answer."])
        }
        let now = core.loop.now.wall
        // A certificate that runs out does not keep the site from serving; whoever looks shall know all the same.
        let warnings = seen.ends.filter { $0.expiresAt - now < Limits.certificateWarnBefore }.map { end in
            let days = (end.expiresAt - now).milliseconds / 86_400_000
            return "The certificate '\(end.holder)' \(days < 0 ? "has expired" : "expires in \(days) days")."
        }
        let draining = seen.isDraining ? ["The site is draining."] : []
        return ReadinessResource(ready: !seen.isDraining, reasons: draining + warnings)
    }

    func status() async throws -> SiteStatusResource {
        let now = core.loop.now.wall
        let seen = try await core.ask { shell in
            (
                view: shell.view, vector: shell.machine.vector, peers: shell.machine.peerVectors,
                isDraining: shell.machine.isDraining, phones: shell.machine.phonesRegistered,
                records: shell.machine.recordsStatus
            )
        }
        let links = Dictionary(uniqueKeysWithValues: try await links.status().map { ($0.site, $0) })
        let figures = try await storeReading { try await reader.figures() }
        let peers = configuration.peers.map(\.site).sorted().map { peer in
            let row = seen.view.sites.first { $0.id == peer }
            let link = seen.view.links.first { $0.from == configuration.site && $0.to == peer }
            let vector = seen.peers[peer] ?? VersionVector()
            return PeerStatusResource(
                site: peer.name,
                state: row.map { SiteCondition($0.state) } ?? .unreachable,
                link: links[peer]?.isUp == true ? .up : .down,
                cut: links[peer]?.isCut == true,
                rttMs: link?.roundTrip.map { Double($0.milliseconds) },
                lastHeardMs: row?.age?.milliseconds,
                opsBehind: vector.missing(from: seen.vector),
                opsAhead: seen.vector.missing(from: vector)
            )
        }
        return SiteStatusResource(
            site: configuration.site.name,
            name: configuration.siteName,
            state: seen.isDraining ? "draining" : "serving",
            version: facts.version,
            incarnation: facts.incarnation,
            startedAt: Timestamp(facts.startedAt),
            uptimeMs: (now - facts.startedAt).milliseconds,
            peers: peers,
            records: WebAPI.RecordsStatus(figures, vector: seen.vector, health: RecordsHealthResource(seen.records)),
            agentsSignedIn: seen.view.agents.count { $0.site == configuration.site && $0.state != .loggedOut },
            phonesRegistered: seen.phones,
            contactsLive: seen.view.contacts.count { $0.site == configuration.site },
            eventStreams: 0
        )
    }
}

extension WebAPI.RecordsStatus {
    fileprivate init(_ figures: StoreFigures, vector: VersionVector, health: RecordsHealthResource) {
        self.init(
            documents: UInt64(max(0, figures.documents)),
            ops: UInt64(max(0, figures.ops)),
            conflicts: UInt64(max(0, figures.conflicts)),
            origins: Dictionary(uniqueKeysWithValues: vector.heads.map { ($0.origin.text, $0.sequence) }),
            storeBytes: UInt64(max(0, figures.bytes)),
            health: health
        )
    }
}

extension VersionVector {
    /// How many ops of `other` are not in this vector.
    fileprivate func missing(from other: VersionVector) -> UInt64 {
        other.heads.reduce(0) { sum, entry in
            let own = self[entry.origin]
            return sum + (entry.sequence > own ? entry.sequence - own : 0)
        }
    }
}
