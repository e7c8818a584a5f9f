import ContactCenter
import Kernel

/// Facts about zones, written down by hand: what the law says, not what a library says.
enum ZoneFacts {
    /// Central European summer time begins and ends at 01:00 UTC on the last Sundays of March and October
    /// (directive 2000/84/EC): 29 March and 25 October 2026, 28 March and 31 October 2027.
    static let berlin = ZoneTable(
        "Europe/Berlin",
        initialOffset: 3_600,
        transitions: [
            .init(at: utc(2026, 3, 29, 1), offset: 7_200), .init(at: utc(2026, 10, 25, 1), offset: 3_600),
            .init(at: utc(2027, 3, 28, 1), offset: 7_200), .init(at: utc(2027, 10, 31, 1), offset: 3_600),
        ]
    )
    /// China keeps +08:00 all year since 1991.
    static let shanghai = ZoneTable("Asia/Shanghai", initialOffset: 28_800)
    /// The United States change at 02:00 local time on the second Sunday of March and the first of November
    /// (Energy Policy Act of 2005): 8 March and 1 November 2026.
    static let newYork = ZoneTable(
        "America/New_York",
        initialOffset: -18_000,
        transitions: [
            .init(at: utc(2026, 3, 8, 7), offset: -14_400), .init(at: utc(2026, 11, 1, 6), offset: -18_000),
        ]
    )

    /// A moment in UTC.
    static func utc(_ year: Int64, _ month: Int64, _ day: Int64, _ hour: Int64 = 0, _ minute: Int64 = 0) -> WallTime {
        let days = CalendarDate(year: year, month: month, day: day)?.daysSinceEpoch ?? 0
        return WallTime(milliseconds: ((days * 24 + hour) * 60 + minute) * 60_000)
    }
}
