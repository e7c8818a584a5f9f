package import Kernel

extension PresenceTable {
    /// All entries of a kind at all sites, sorted by site and key.
    package func entries(kind: UInt8, at now: Instant) -> [PresenceView] {
        ([site] + remotes.keys.filter { $0 != site }).sorted().flatMap { entries(kind: kind, of: $0, at: now) }
    }

    /// All entries of a kind at one site, sorted by key.
    package func entries(kind: UInt8, of site: SiteID, at now: Instant) -> [PresenceView] {
        guard let age = age(of: site, at: now) else { return [] }
        var found: [(key: PresenceKey, fields: FieldMap)] = []
        if site == self.site {
            for (key, entry) in own where key.kind == kind { found.append((key, entry.fields)) }
        } else {
            for (key, entry) in remotes[site]?.entries ?? [:] where key.kind == kind {
                found.append((key, entry.fields))
            }
        }
        found.sort { $0.key.id < $1.key.id }
        let isStale = isStale(site, at: now)
        return found.map { PresenceView(site: site, key: $0.key, fields: $0.fields, age: age, isStale: isStale) }
    }

    /// One entry.
    package func entry(_ key: PresenceKey, of site: SiteID, at now: Instant) -> PresenceView? {
        let fields = site == self.site ? own[key]?.fields : remotes[site]?.entries[key]?.fields
        guard let fields, let age = age(of: site, at: now) else { return nil }
        return PresenceView(site: site, key: key, fields: fields, age: age, isStale: isStale(site, at: now))
    }

    /// How long ago a site's presence was known to be the newest; nil when it was never heard.
    package func age(of site: SiteID, at now: Instant) -> Span? {
        if site == self.site { return .zero }
        return remotes[site].map { max(now - $0.confirmed, .zero) }
    }

    /// True when a site's presence is too old to rely on, or was never heard.
    package func isStale(_ site: SiteID, at now: Instant) -> Bool {
        age(of: site, at: now).map { $0 > Limits.presenceStaleAfter } ?? true
    }

    /// Which life of a site its presence is from; nil when it was never heard.
    package func incarnation(of site: SiteID) -> UInt64? {
        site == self.site ? incarnation : remotes[site]?.incarnation
    }
}
