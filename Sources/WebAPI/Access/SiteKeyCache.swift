import JWTKit
import Kernel
import Synchronization

/// Remembers the public keys of sites, so that not every request reads the store.
final class SiteKeyCache: Sendable {
    private struct Entry {
        var key: JWTKeyCollection?
        var goodUntil: Instant
    }

    private let accounts: any AccountSource
    private let clock: WebClock
    private let entries = Mutex<[SiteID: Entry]>([:])

    init(accounts: any AccountSource, clock: WebClock) {
        self.accounts = accounts
        self.clock = clock
    }

    /// The key of a site; nil when this site knows none.
    func key(of site: SiteID) async throws -> JWTKeyCollection? {
        let now = clock.instant()
        if let entry = entries.withLock({ $0[site] }), now < entry.goodUntil { return entry.key }
        let pem = try await accounts.tokenKey(site: site.name)
        var key: JWTKeyCollection?
        if let pem, let read = try? ES256PublicKey(pem: pem) {
            // One collection per site: a collection with several keys falls back to its first for an unknown name.
            key = JWTKeyCollection()
            await key?.add(ecdsa: read, kid: JWKIdentifier(string: site.name))
        }
        let span = key == nil ? Limits.siteKeyAbsenceSpan : Limits.siteKeyCacheSpan
        let entry = Entry(key: key, goodUntil: now + span)
        entries.withLock { entries in
            if entries.count >= Limits.siteKeyCacheEntriesMax { entries = entries.filter { now < $0.value.goodUntil } }
            if entries.count < Limits.siteKeyCacheEntriesMax { entries[site] = entry }
        }
        return key
    }
}
