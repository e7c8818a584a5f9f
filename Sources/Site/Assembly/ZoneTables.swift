import ContactCenter
import Foundation
import Kernel

/// Makes tables of zones from the system's own data, for the rules, which read none.
enum ZoneTables {
    /// The offsets of a zone over some years, the first and the last included.
    ///
    /// Throws a `ZoneProblem` for a name that the system does not know.
    static func table(_ name: String, years: ClosedRange<Int>) throws(ZoneProblem) -> ZoneTable {
        // `TimeZone(identifier:)` also takes abbreviations, which mean different zones in different countries.
        guard name == "UTC" || TimeZone.knownTimeZoneIdentifiers.contains(name), let zone = TimeZone(identifier: name)
        else { throw ZoneProblem(name: name) }
        let start = date(years.lowerBound)
        let end = date(years.upperBound + 1)
        var transitions: [ZoneTable.Transition] = []
        var last = zone.secondsFromGMT(for: start)
        var at = start
        while transitions.count < Limits.zoneTransitionsMax,
            let next = zone.nextDaylightSavingTimeTransition(after: at),
            next < end
        {
            at = next
            let offset = zone.secondsFromGMT(for: next)
            guard offset != last else { continue }
            last = offset
            let moment = WallTime(milliseconds: Int64((next.timeIntervalSince1970 * 1_000).rounded()))
            transitions.append(.init(at: moment, offset: Int64(offset)))
        }
        let initial = Int64(zone.secondsFromGMT(for: start))
        guard let table = ZoneTable(name, initialOffset: initial, transitions: transitions) else {
            throw ZoneProblem(name: name)
        }
        return table
    }

    /// The table around a moment: the year before it to five years after it.
    static func table(_ name: String, around now: WallTime) throws(ZoneProblem) -> ZoneTable {
        let year = Int(CalendarDate(daysSinceEpoch: max(0, now.milliseconds) / 86_400_000).year)
        return try table(name, years: (year - 1)...(year + 5))
    }

    private static func date(_ year: Int) -> Date {
        let day = CalendarDate(year: Int64(year), month: 1, day: 1)
        return Date(timeIntervalSince1970: Double(day?.daysSinceEpoch ?? 0) * 86_400)
    }
}

/// A zone that there is not.
struct ZoneProblem: Error, Hashable, CustomStringConvertible {
    /// The name that was asked for.
    let name: String

    /// Says so.
    var description: String {
        "There is no time zone \(name.prefix(60)). "
            + "Use a name of the IANA database, such as Europe/Berlin or Asia/Shanghai."
    }
}
