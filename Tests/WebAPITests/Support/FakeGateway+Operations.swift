import Synchronization
import ContactCenter
import Kernel
import Testing
import WebAPI

extension FakeGateway {
    func cluster() async throws -> ClusterResource {
        ClusterResource(
            site: "north",
            origin: "north.7",
            epoch: 7,
            decisions: 0,
            voting: true,
            members: [
                ClusterMemberResource(
                    site: "north",
                    state: "active",
                    linked: true,
                    heardAt: nil,
                    opsMissing: 0,
                    clock: nil,
                    decision: nil
                )
            ],
            vector: ["north.7": 3],
            floor: [:],
            stable: nil,
            digest: nil,
            releaseAt: nil,
            health: FakeGateway.health
        )
    }

    func decide(_ wish: MembershipWish, by actor: Actor) async throws -> MembershipDecisionResource {
        try #require(!actor.name.isEmpty && actor != .system, "nobody asks")
        if wish.change == .suspend, !wish.isForced {
            throw GatewayError(.refused, "east was not suspended: 1 of 3 voters answered; 2 needed.")
        }
        state.withLock { $0.decisions.append(wish) }
        return MembershipDecisionResource(
            number: 1,
            site: wish.site.name,
            change: wish.change,
            by: actor.name,
            at: Timestamp(WallTime(milliseconds: 0)),
            forced: wish.isForced,
            proposer: "north"
        )
    }

    func acknowledgement(of dot: Dot, _ wish: AcknowledgementWish) async throws -> AcknowledgementResource {
        guard dot.origin == origin else { throw GatewayError(.notFound, "This site has no op \(dot.text).") }
        let (level, missed) = state.withLock { $0.reach(wish) }
        return AcknowledgementResource(op: dot.text, asked: wish.level, acknowledged: level, missed: missed)
    }

    func verification() async throws -> VerificationResource { FakeGateway.health.verification }

    func startVerification(by actor: Actor) async throws -> VerificationResource {
        try #require(actor != .system, "nobody asks")
        state.withLock { $0.verifications += 1 }
        return try await verification()
    }

    func backups() async throws -> BackupListResource {
        BackupListResource(folder: "/var/backups", running: nil, last: nil, items: [])
    }

    func startBackup(named name: String?, by actor: Actor) async throws -> BackupRunResource {
        try #require(actor != .system, "nobody asks")
        let name = name ?? "north-now"
        try #require(!name.contains("/") && !name.contains("."), "a path from the network")
        state.withLock { $0.backups.append(name) }
        return BackupRunResource(name: name, startedAt: Timestamp(WallTime(milliseconds: 0)), phase: "copying")
    }

    func lostFound(limit: Int, cursor: String?) async throws -> Page<LostFoundResource> {
        try #require((1...Limits.pageItemsMax).contains(limit))
        if let cursor, cursor != "more" { throw GatewayError(.invalid, "The cursor is not one of this site.") }
        let remains = state.withLock { $0.documents.values.compactMap(\.remains) }.sorted { $0.document < $1.document }
        return Page(items: remains.prefix(limit).map(LostFoundResource.init))
    }

    private static let health = RecordsHealthResource(
        acknowledged: .one,
        lag: ["east": 2],
        clock: ClockResource(basis: "alone", offsetMs: nil, trusted: true),
        join: nil,
        verification: VerificationResource(
            rounds: 2,
            opsLookedAt: 10,
            damagedOps: [],
            damagedDocuments: [],
            differing: []
        ),
        logFloor: LogFloorResource(origins: 0, ops: 0),
        halted: []
    )
}

extension FakeGateway.State {
    /// What a wish gets, and why no more.
    mutating func reach(_ wish: AcknowledgementWish) -> (Acknowledgement, String?) {
        wishes.append(wish)
        let order = Acknowledgement.allCases
        let reached = order.firstIndex(of: reachable) ?? 0
        guard let asked = order.firstIndex(of: wish.level), asked > reached else { return (wish.level, nil) }
        return (reachable, "nobody else answered")
    }
}
