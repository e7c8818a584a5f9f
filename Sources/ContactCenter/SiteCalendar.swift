package import Kernel

/// The calendar that a queue keeps at one site, where it differs from the queue's own.
package struct SiteCalendar: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The site where the contacts arrive.
    package let site: SiteID
    /// What holds for them.
    package let calendar: CalendarID

    /// Ties a calendar to a site.
    package init(site: SiteID, calendar: CalendarID) {
        self.site = site
        self.calendar = calendar
    }

    /// The stored form: `north:office-no`.
    package var description: String { "\(site):\(calendar)" }

    /// Reads the stored form; nil when it is none.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2, let site = SiteID(parts[0]) else { return nil }
        self.init(site: site, calendar: CalendarID(parts[1]))
    }

    /// Orders by site.
    package static func < (left: SiteCalendar, right: SiteCalendar) -> Bool {
        (left.site, left.calendar) < (right.site, right.calendar)
    }
}

extension Relaxation {
    /// The wait from which on it holds, in whole seconds.
    package var seconds: Int64 { after.milliseconds / 1_000 }
}
