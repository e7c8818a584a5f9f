package import Kernel

/// What sites say to each other.
package enum Frame: Hashable, Sendable {
    /// First on every link, from both ends.
    case hello(Hello)
    /// What the sender has on disk.
    case beacon(Beacon)
    /// Ops of one origin.
    case ops(OpsBatch)
    /// A wish for ops.
    case want(OpsRequest)
    /// Presence of one site.
    case presence(PresenceUpdate)
    /// Presence of one site in few bytes; only for peers whose digest says that they read it.
    case presenceDelta(PresenceDelta)
    /// A wish for the full presence of one site.
    case presenceWant(SiteID)
    /// What the sender has of everybody's presence.
    case digest(PresenceDigest)
    /// A sign of life.
    case heartbeat(Heartbeat)
    /// A question whether a site is alive, put through a third one, or a part of its answer.
    case probe(Probe)
    /// A reservation or a part of a call: `SiteCore` gives it meaning.
    case message(SiteMessage)
    /// What the sender has on disk of ops that it just received: sooner than a beacon, for acknowledgements.
    case ack([Dot])
    /// Parts of snapshots and of the repair of differences (`TransferCodec`).
    case transfer([UInt8])
    /// Who belongs to the cluster.
    case decision(DecisionMessage)
    /// Parts of attachments (`BlobCodec`).
    case blob([UInt8])
    /// Parts of recordings (`SiteCore`'s `RecordingCodec`).
    case recording([UInt8])
    /// The sender will not talk to the receiver; the link ends.
    case refuse(Refusal)
    /// A kind that only a newer node understands; to be ignored.
    case unknown

    /// Which traffic class it belongs to.
    package var trafficClass: TrafficClass {
        switch self {
        case .hello, .beacon, .want, .heartbeat, .probe, .message, .refuse, .ack, .decision, .unknown: .control
        case .presence, .presenceDelta, .presenceWant, .digest: .presence
        case .ops(let batch): batch.isCatchUp ? .catchUp : .live
        case .transfer, .blob, .recording: .snapshot
        }
    }
}

/// Classes of traffic on a link, most urgent first; a link sends a more urgent class first.
package enum TrafficClass: UInt8, Hashable, Comparable, Sendable, CaseIterable {
    /// Signs of life, beacons, reservations, calls.
    case control = 0
    /// Presence.
    case presence = 1
    /// Ops just committed.
    case live = 2
    /// Ops that were asked for.
    case catchUp = 3
    /// Parts of a snapshot.
    case snapshot = 4

    /// Orders by urgency, the most urgent first.
    package static func < (left: TrafficClass, right: TrafficClass) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Who a site is and what it has.
package struct Hello: Hashable, Sendable {
    /// The cluster's name; both ends must agree.
    package var cluster: String
    /// The sender.
    package var site: SiteID
    /// The epoch under which it writes.
    package var epoch: UInt32
    /// Which life of it this is.
    package var incarnation: UInt64
    /// The oldest protocol version that it speaks.
    package var protocolMin: UInt32
    /// The newest.
    package var protocolMax: UInt32
    /// What it has on disk.
    package var vector: VersionVector
    /// Heads beyond the vector that are on disk and held back, because their stamps lie in the future.
    package var stored = VersionVector()
    /// What its log no longer reaches back before: ops up to here it can give only as a snapshot.
    package var floor: VersionVector
    /// The newest schema that it understands.
    package var schema: UInt32
    /// The newest membership decision that it knows; nil from a node that knows nothing of decisions.
    package var membership: DecisionHead?

    /// Makes a hello.
    package init(
        cluster: String,
        site: SiteID,
        epoch: UInt32,
        incarnation: UInt64,
        protocolMin: UInt32 = Hello.oldestProtocol,
        protocolMax: UInt32 = Hello.newestProtocol,
        vector: VersionVector,
        floor: VersionVector = VersionVector(),
        schema: UInt32 = DocumentSchema.newestLevel,
        membership: DecisionHead? = nil
    ) {
        self.cluster = cluster
        self.site = site
        self.epoch = epoch
        self.incarnation = incarnation
        self.protocolMin = protocolMin
        self.protocolMax = protocolMax
        self.vector = vector
        self.floor = floor
        self.schema = schema
        self.membership = membership
    }

    /// Everything that the sender has on disk, held back or not.
    package var durable: VersionVector {
        var result = vector
        result.merge(stored)
        return result
    }

    /// The oldest protocol version that this code speaks.
    package static let oldestProtocol: UInt32 = 1
    /// The newest protocol version that this code speaks.
    package static let newestProtocol: UInt32 = 1
}

/// What a site has on disk, told each second and after commits.
package struct Beacon: Hashable, Sendable {
    /// The durable version vector.
    package var vector: VersionVector
    /// The sender's newest stamp or wall clock, whichever is later: shows how clocks differ.
    package var clock: HybridTimestamp
    /// Heads beyond the vector that are on disk and held back, because their stamps lie in the future.
    package var stored: VersionVector
    /// The root of the state digest at the vector; nil while it is not known.
    package var digest: DocumentHash?
    /// The newest membership decision that the sender knows; nil from a node that knows nothing of decisions.
    package var membership: DecisionHead?
    /// What the sender's log no longer reaches back before.
    package var floor: VersionVector

    /// Makes a beacon.
    package init(
        vector: VersionVector,
        clock: HybridTimestamp,
        stored: VersionVector = VersionVector(),
        digest: DocumentHash? = nil,
        membership: DecisionHead? = nil,
        floor: VersionVector = VersionVector()
    ) {
        self.vector = vector
        self.clock = clock
        self.stored = stored
        self.digest = digest
        self.membership = membership
        self.floor = floor
    }

    /// Everything that the sender has on disk, held back or not: what acknowledgements count.
    package var durable: VersionVector {
        var result = vector
        result.merge(stored)
        return result
    }
}

/// A sign of life, with whom the sender hears.
package struct Heartbeat: Hashable, Sendable {
    /// Which life of the sender this is.
    package var incarnation: UInt64
    /// The sites that the sender hears directly now, sorted.
    package var reachable: [SiteID]
    /// The sender's monotonic clock in milliseconds: returned by the peer to measure the round trip.
    package var sentAt: Int64
    /// The `sentAt` of the last heartbeat that the sender had from the receiver; nil when it had none.
    package var echo: Int64?
    /// How long the sender kept that before sending this.
    package var echoHeld: Span
    /// The sender's wall clock when it sent this: shows how clocks differ.
    package var wall: WallTime

    /// Makes a heartbeat.
    package init(
        incarnation: UInt64,
        reachable: [SiteID],
        sentAt: Int64,
        echo: Int64?,
        echoHeld: Span,
        wall: WallTime = WallTime(milliseconds: 0)
    ) {
        self.wall = wall
        self.incarnation = incarnation
        self.reachable = reachable
        self.sentAt = sentAt
        self.echo = echo
        self.echoHeld = echoHeld
    }
}

/// A message between the cores of two sites: ordered, at most once within one life of a link.
package struct SiteMessage: Hashable, Sendable {
    /// What it is; numbers given by `SiteCore`, never reused.
    package var kind: UInt16
    /// Everything that it says.
    package var fields: FieldMap

    /// Makes a message.
    package init(kind: UInt16, fields: FieldMap) {
        self.kind = kind
        self.fields = fields
    }
}

/// Why a site will not talk to another.
package enum Refusal: Hashable, Sendable {
    /// The peer belongs to another cluster.
    case otherCluster(String)
    /// The peer says that it is another site than its certificate does.
    case otherSite(String)
    /// No common protocol version.
    case noCommonProtocol(min: UInt32, max: UInt32)
    /// Something that a newer node refuses for.
    case other(String)
}
