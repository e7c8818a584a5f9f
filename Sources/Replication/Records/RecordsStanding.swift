package import Kernel

/// Where a site's records stand when it starts, beside the vector: read from the disk once.
package struct RecordsStanding: Hashable, Sendable {
    /// Heads beyond the vector that are on disk and held back.
    package var stored = VersionVector()
    /// What the log no longer reaches back before.
    package var floor = VersionVector()
    /// What each peer said last that it has on disk, and when it was heard.
    package var peerVectors: [SiteID: MemberProgress] = [:]
    /// True when the disk was found to be set back: a restored copy.
    package var wasSetBack = false
    /// The state of membership as it was saved; nil on a first start.
    package var membership: [UInt8]?
    /// When held-back ops may be applied; nil when none is held back.
    package var releaseAt: WallTime?
    /// True when a snapshot was being taken in.
    package var isJoining = false

    /// Nothing: a first start.
    package init() {
    }

    /// What the disk says.
    ///
    /// A peer of which it is not known when it was heard counts as heard at `wall`.
    package init(_ ledger: Ledger, storage: some LedgerStorage, at wall: WallTime) throws {
        stored = ledger.stored.beyond(ledger.vector)
        floor = VersionVector(try storage.bases().map(\.dot))
        let heard = try storage.blob(LedgerBlob.heard).map(HeardTimes.decode) ?? [:]
        for (site, vector) in try storage.peerVectors() {
            peerVectors[site] = MemberProgress(vector: vector, heardAt: heard[site] ?? wall)
        }
        membership = try storage.blob(LedgerBlob.membership)
        releaseAt = ledger.releaseAt
        isJoining = ledger.isJoining
    }
}

/// Names of the bytes that the records keep.
package enum LedgerBlob {
    /// Who belongs to the cluster, and what was promised and accepted in deciding it.
    package static let membership = "membership"
    /// When each member was heard last.
    package static let heard = "members.heard"
}

/// The bytes of `LedgerBlob.heard`.
enum HeardTimes {
    static func encode(_ progress: [SiteID: MemberProgress]) -> [UInt8] {
        var writer = ByteWriter()
        writer.number(progress.count)
        for (site, known) in progress.sorted(by: { $0.key < $1.key }) {
            writer.text(site.name)
            writer.signed(known.heardAt.milliseconds)
        }
        return writer.bytes
    }

    /// The times; none where the bytes mean nothing, as nothing but a delay hangs on them.
    static func decode(_ bytes: [UInt8]) -> [SiteID: WallTime] {
        var reader = ByteReader(bytes)
        var result: [SiteID: WallTime] = [:]
        guard let count = try? reader.count() else { return [:] }
        for _ in 0..<count {
            guard let name = try? reader.text(), let site = SiteID(name), let time = try? reader.signed() else {
                return result
            }
            result[site] = WallTime(milliseconds: time)
        }
        return result
    }
}
