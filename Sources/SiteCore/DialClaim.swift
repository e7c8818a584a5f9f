import ContactCenter
import Kernel
import Routing

/// A wish to call a customer back, until it is certain that nobody else does (requirement B8).
///
/// It is written as a line into the record of the contact that first asked for the callback, and holds when most active
/// members have it on disk and none of them knew of another claim: two claims that most members have were both on the
/// disk of some member, and whoever came second there learns of the first before going on. Who learns of another claim
/// takes back the own one and tries again later, so the number is dialled once or not yet, never twice.
struct DialClaim: Hashable, Sendable {
    /// The contact that waits here.
    let contact: ContactID
    /// The contact that first asked for the callback; its record holds all claims.
    let root: ContactID
    /// Counts this site's claims, in this life of it.
    let number: Int64
    /// The agent who will dial.
    let candidate: Candidate
    /// The promise of that agent.
    let reservation: Int64
    /// The line on this site's disk.
    var dot: Dot?
    /// Somebody else has claimed as well.
    var isContested = false
}

/// A line about dialling in a contact's record.
struct DialLine: Hashable, Sendable {
    /// What the line says; the raw values are on disk and are never reused.
    enum Kind: String, Hashable, Sendable {
        /// A site is about to have the number dialled.
        case claim
        /// It will not, after all.
        case void
    }

    var kind: Kind
    var site: SiteID
    /// Which claim of the site, named with the life of the site in which it was made.
    var number: Int64
    var incarnation: Int64

    var value: Value {
        .list([.string(kind.rawValue), .string(site.name), .int(incarnation), .int(number)])
    }

    init(_ kind: Kind, site: SiteID, incarnation: UInt64, number: Int64) {
        self.kind = kind
        self.site = site
        self.incarnation = Int64(clamping: incarnation)
        self.number = number
    }

    init?(_ value: Value) {
        guard let parts = value.list, parts.count >= 4, let kind = parts[0].string.flatMap(Kind.init(rawValue:)),
            let site = parts[1].string.flatMap({ SiteID($0) }), let incarnation = parts[2].int,
            let number = parts[3].int
        else { return nil }
        self.kind = kind
        self.site = site
        self.incarnation = incarnation
        self.number = number
    }

    /// The claims of a record that were not taken back.
    static func standing(in document: Document) -> [DialLine] {
        let lines = document.entries(ContactField.dials).compactMap { DialLine($0.value) }
        let void = Set(lines.filter { $0.kind == .void }.map { DialLine($0, .claim) })
        return lines.filter { $0.kind == .claim && !void.contains($0) }
    }

    private init(_ line: DialLine, _ kind: Kind) {
        self = line
        self.kind = kind
    }
}
