package import Kernel

/// The name of one presence entry within its site.
package struct PresenceKey: Hashable, Comparable, Sendable {
    /// What it is about: agent, waiting contact, gauge; numbers given by `SiteCore`, never reused.
    package let kind: UInt8
    /// Which one.
    package let id: String

    /// Makes a key.
    package init(kind: UInt8, id: String) {
        self.kind = kind
        self.id = id
    }

    /// Orders by kind, then id.
    package static func < (left: PresenceKey, right: PresenceKey) -> Bool {
        (left.kind, left.id) < (right.kind, right.id)
    }
}

/// A presence entry as it travels.
package struct PresenceEntry: Hashable, Sendable {
    /// Its name.
    package var key: PresenceKey
    /// The owner's count when it last changed.
    package var counter: UInt64
    /// What it says; nil: it is gone.
    package var fields: FieldMap?

    /// Makes an entry.
    package init(key: PresenceKey, counter: UInt64, fields: FieldMap?) {
        self.key = key
        self.counter = counter
        self.fields = fields
    }
}

/// A presence entry as it is read here.
package struct PresenceView: Hashable, Sendable {
    /// The site that wrote it.
    package let site: SiteID
    /// Its name.
    package let key: PresenceKey
    /// What it says.
    package let fields: FieldMap
    /// How long ago it was known to be true.
    package let age: Span
    /// True when that is too long ago to rely on.
    package let isStale: Bool

    /// Describes an entry.
    package init(site: SiteID, key: PresenceKey, fields: FieldMap, age: Span, isStale: Bool) {
        self.site = site
        self.key = key
        self.fields = fields
        self.age = age
        self.isStale = isStale
    }
}

/// What happens to a presence table.
package enum PresenceEvent: Hashable, Sendable {
    /// A link to a peer is ready for frames.
    case linkUp(SiteID)
    /// A link to a peer is gone.
    case linkDown(SiteID)
    /// A presence frame arrived from a peer (`Frame.presence`, `.presenceDelta`, `.presenceWant` or `.digest`);
    /// others are ignored.
    case frame(SiteID, Frame)
    /// The time of `nextDeadline` has come.
    case timer
}

/// What a presence table wants done.
package enum PresenceDirective: Hashable, Sendable {
    /// Send a frame to a peer.
    case send(SiteID, Frame)
    /// These entries of a site changed, came or went; each once, in an order that depends on the frames alone.
    case changed(SiteID, [PresenceKey])
}

/// Some or all of one site's presence.
package struct PresenceUpdate: Hashable, Sendable {
    /// Whose presence.
    package var site: SiteID
    /// Which life of that site; a higher one drops what an earlier one said.
    package var incarnation: UInt64
    /// The count that a change applies to; nil in a full state.
    package var base: UInt64?
    /// The owner's count with it applied.
    package var counter: UInt64
    /// How old it was when it was sent on: 0 from the owner itself.
    package var age: Span
    /// Which part of a full state this is, from 0.
    package var part: Int
    /// How many parts a full state has; 1 for a change.
    package var parts: Int
    /// The entries.
    package var entries: [PresenceEntry]

    /// Makes an update.
    package init(
        site: SiteID,
        incarnation: UInt64,
        base: UInt64?,
        counter: UInt64,
        age: Span,
        part: Int = 0,
        parts: Int = 1,
        entries: [PresenceEntry]
    ) {
        self.site = site
        self.incarnation = incarnation
        self.base = base
        self.counter = counter
        self.age = age
        self.part = part
        self.parts = parts
        self.entries = entries
    }
}

/// What a site has of everybody's presence, in numbers.
package struct PresenceDigest: Hashable, Sendable {
    /// One site's part.
    package struct Line: Hashable, Sendable {
        /// Whose presence.
        package var site: SiteID
        /// Which life.
        package var incarnation: UInt64
        /// Up to which count.
        package var counter: UInt64
        /// How long ago the sender knew this to be the newest.
        package var age: Span

        /// Makes a line.
        package init(site: SiteID, incarnation: UInt64, counter: UInt64, age: Span) {
            self.site = site
            self.incarnation = incarnation
            self.counter = counter
            self.age = age
        }
    }

    /// One line for each site that the sender has heard of, itself first, the rest sorted.
    package var lines: [Line]
    /// The sites to which the sender has a link: what these write need not be passed on to it.
    package var linked: [SiteID]
    /// What the sender understands of presence: from `deltaLevel` on, `PresenceDelta`.
    ///
    /// Every link begins with digests, so a cluster may hold nodes of both kinds; until a peer's digest is here it
    /// is taken for an older one.
    package var level: UInt32

    /// From this level on a node reads `PresenceDelta`.
    package static let deltaLevel: UInt32 = 1

    /// Makes a digest; the level is that of this code.
    package init(lines: [Line], linked: [SiteID], level: UInt32 = PresenceDigest.deltaLevel) {
        self.lines = lines
        self.linked = linked
        self.level = level
    }
}
