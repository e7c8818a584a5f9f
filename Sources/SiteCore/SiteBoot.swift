import ContactCenter
package import Kernel
package import Replication
package import Routing
package import SIP

/// What a site knows when it starts: its name, its bounds, and what its disk says.
package struct SiteBoot: Sendable {
    /// The cluster's name.
    package var cluster: String
    /// This site.
    package var site: SiteID
    /// All other sites of the cluster.
    package var peers: [SiteID]
    /// Counts the starts of this site; the store has raised it on disk before this start.
    package var incarnation: UInt64
    /// The epoch under which the ledger writes.
    package var epoch: UInt32
    /// What the site has on disk.
    package var vector: VersionVector
    /// What else the ledger says of itself and of the peers.
    package var records: RecordsStanding
    /// All documents of the types `SiteBoot.projected`.
    package var documents: [Document]
    /// Contact records that this site must look at: those that arrived here and have no end, and all of today (UTC)
    /// that arrived here or were served here.
    package var contacts: [Document]
    /// Bounds and times.
    package var settings: SiteSettings
    /// How the SIP endpoint presents itself.
    package var sip: SIPConfiguration
    /// True when this site was added to a cluster that exists: it learns from the others who belongs.
    package var isNewcomer = false
    /// Where chance comes from.
    package var seed: UInt64

    /// The types of documents that the core keeps in memory.
    package static let projected: [DocumentType] = [
        Schema.agent, Schema.queue, Schema.site, Schema.calendar, Schema.breakReason,
    ]

    /// Makes a boot state.
    package init(
        cluster: String,
        site: SiteID,
        peers: [SiteID],
        incarnation: UInt64,
        epoch: UInt32,
        vector: VersionVector,
        documents: [Document],
        contacts: [Document],
        settings: SiteSettings,
        sip: SIPConfiguration,
        seed: UInt64,
        records: RecordsStanding = RecordsStanding()
    ) {
        self.records = records
        self.cluster = cluster
        self.site = site
        self.peers = peers
        self.incarnation = incarnation
        self.epoch = epoch
        self.vector = vector
        self.documents = documents
        self.contacts = contacts
        self.settings = settings
        self.sip = sip
        self.seed = seed
    }
}

/// Bounds and times that an operator may set for a site.
package struct SiteSettings: Sendable {
    /// When a silent peer is suspect and when unreachable.
    package var detector = DetectorBounds()
    /// Bounds of agents' states.
    package var agents = AgentBookSettings()
    /// How long a call may wait for its caller's file.
    package var lookUpMax = Limits.callerLookUpMax
    /// How long a callback waits for an agent before it is given up.
    package var callbackExpiry = Limits.callbackExpiry
    /// How many contacts may be live here at once; more are answered 503.
    package var contactsMax = Limits.liveContactsMax
    /// How long ops stay in the log after every counted member has them.
    package var records = RecordsSettings()
    /// The trunk by which calls to the outside go; nil when there are none.
    package var outboundTrunk: String?
    /// Whether phones are offered SHA-256 beside MD5, where their records have both.
    package var offersSHA256 = true
    /// The number that calls to the outside show, `+4930…`; empty for none.
    package var outboundNumber = ""

    /// Makes settings with the defaults.
    package init() {}
}
