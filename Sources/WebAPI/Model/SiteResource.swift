/// A site of the cluster.
package struct SiteResource: Codable, Hashable, Sendable {
    /// The site.
    package var id: String
    /// Its display name.
    package var name: String
    /// Where its pages are.
    package var url: String
    /// Its time zone.
    @Nullable package var zone: String?
    /// How it looks from here; null where the list is a sign-in's answer.
    @Nullable package var state: SiteCondition?

    /// Puts one together.
    package init(
        id: String,
        name: String,
        url: String,
        zone: String? = nil,
        state: SiteCondition? = nil
    ) {
        self.id = id
        self.name = name
        self.url = url
        self.zone = zone
        self.state = state
    }
}

/// How the serving site does; what `tandem site status` prints.
package struct SiteStatusResource: Codable, Hashable, Sendable {
    /// The site.
    package var site: String
    /// Its display name.
    package var name: String
    /// `starting`, `serving` or `draining`.
    package var state: String
    /// The program's version.
    package var version: String
    /// Counts the starts of this site.
    package var incarnation: UInt64
    /// When it started.
    package var startedAt: Timestamp
    /// For how long it runs, in milliseconds.
    package var uptimeMs: Int64
    /// The other sites.
    package var peers: [PeerStatusResource]
    /// What is stored.
    package var records: RecordsStatus
    /// Agents signed in here.
    package var agentsSignedIn: Int
    /// Phones registered here.
    package var phonesRegistered: Int
    /// Contacts that arrived here and live.
    package var contactsLive: Int
    /// Pages that listen to this site.
    package var eventStreams: Int

    /// Puts one together.
    package init(
        site: String,
        name: String,
        state: String,
        version: String,
        incarnation: UInt64,
        startedAt: Timestamp,
        uptimeMs: Int64,
        peers: [PeerStatusResource],
        records: RecordsStatus,
        agentsSignedIn: Int,
        phonesRegistered: Int,
        contactsLive: Int,
        eventStreams: Int
    ) {
        self.site = site
        self.name = name
        self.state = state
        self.version = version
        self.incarnation = incarnation
        self.startedAt = startedAt
        self.uptimeMs = uptimeMs
        self.peers = peers
        self.records = records
        self.agentsSignedIn = agentsSignedIn
        self.phonesRegistered = phonesRegistered
        self.contactsLive = contactsLive
        self.eventStreams = eventStreams
    }
}

/// How the serving site sees another.
package struct PeerStatusResource: Codable, Hashable, Sendable {
    /// The other site.
    package var site: String
    /// How it looks.
    package var state: SiteCondition
    /// The direct link.
    package var link: LinkCondition
    /// True while the link is cut for a drill.
    package var cut: Bool
    /// The round trip in milliseconds.
    @Nullable package var rttMs: Double?
    /// How long ago it was heard, in milliseconds.
    @Nullable package var lastHeardMs: Int64?
    /// Ops that it has and the serving site lacks, as far as known.
    package var opsBehind: UInt64
    /// Ops that the serving site has and it has not acknowledged.
    package var opsAhead: UInt64

    /// Puts one together.
    package init(
        site: String,
        state: SiteCondition,
        link: LinkCondition,
        cut: Bool,
        rttMs: Double? = nil,
        lastHeardMs: Int64? = nil,
        opsBehind: UInt64,
        opsAhead: UInt64
    ) {
        self.site = site
        self.state = state
        self.link = link
        self.cut = cut
        self.rttMs = rttMs
        self.lastHeardMs = lastHeardMs
        self.opsBehind = opsBehind
        self.opsAhead = opsAhead
    }
}

/// What a site has stored.
package struct RecordsStatus: Codable, Hashable, Sendable {
    /// Documents.
    package var documents: UInt64
    /// Ops in the log.
    package var ops: UInt64
    /// Overwritten values that wait for a decision.
    package var conflicts: UInt64
    /// The highest sequence by origin (`north/1`).
    package var origins: [String: UInt64]
    /// Bytes on disk.
    package var storeBytes: UInt64
    /// How the records do: lag, acknowledgement, clock, snapshot, checks, log; null when that is not told.
    @Nullable package var health: RecordsHealthResource?

    /// Puts one together.
    package init(
        documents: UInt64,
        ops: UInt64,
        conflicts: UInt64,
        origins: [String: UInt64],
        storeBytes: UInt64,
        health: RecordsHealthResource? = nil
    ) {
        self.health = health
        self.documents = documents
        self.ops = ops
        self.conflicts = conflicts
        self.origins = origins
        self.storeBytes = storeBytes
    }
}

/// Whether the site can serve.
package struct ReadinessResource: Codable, Hashable, Sendable {
    /// True when it can.
    package var ready: Bool
    /// What it still waits for.
    package var reasons: [String]

    /// Puts one together.
    package init(
        ready: Bool,
        reasons: [String]
    ) {
        self.ready = ready
        self.reasons = reasons
    }
}
