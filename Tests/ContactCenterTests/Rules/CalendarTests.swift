import ContactCenter
import Kernel
import TestKit
import Testing

@Suite("Calendars")
struct CalendarTests {
    private func hours(_ texts: String...) throws -> OpeningHours {
        try OpeningHours.checked(texts, name: "hours")
    }

    private func office(_ times: String..., zone: String = "Europe/Berlin") throws -> Calendar {
        let day = try OpeningHours.checked(times, name: "hours")
        let week = Dictionary(uniqueKeysWithValues: Weekday.allCases.prefix(5).map { ($0, day) })
        return Calendar(id: CalendarID("office"), zone: zone, week: week)
    }

    @Test(
        "A day and its weekday",
        arguments: [
            ("1970-01-01", 0, Weekday.thursday), ("2000-02-29", 11_016, .tuesday), ("2024-02-29", 19_782, .thursday),
            ("2026-11-22", 20_779, .sunday), ("2100-03-01", 47_541, .monday),
        ]
    )
    func dates(text: String, days: Int64, weekday: Weekday) throws {
        let date = try #require(CalendarDate(text))
        #expect(date.daysSinceEpoch == days)
        #expect(CalendarDate(daysSinceEpoch: days) == date)
        #expect(date.description == text)
        #expect(Weekday(daysSinceEpoch: days) == weekday)
    }

    @Test(
        "What is no day is refused",
        arguments: ["2026-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026-1-1", "", "1969-12-31", "2026-04-31"]
    )
    func noDates(text: String) { #expect(CalendarDate(text) == nil) }

    @Test("In Berlin, office hours begin an hour earlier by UTC in summer")
    func berlin() throws {
        let zone = try #require(ZoneFacts.berlin)
        let office = try office("09:00-17:00")
        // Friday before and Monday after the change of 29 March 2026.
        for (day, month, begins) in [(27, 3, 8), (30, 3, 7), (23, 10, 7), (26, 10, 8)] as [(Int64, Int64, Int64)] {
            let opens = ZoneFacts.utc(2026, month, day, begins)
            #expect(office.isOpen(at: opens, zone: zone))
            #expect(office.state(at: opens + .milliseconds(-1), zone: zone) == .afterHours)
            #expect(office.isOpen(at: opens + .seconds(8 * 3_600 - 1), zone: zone))
            #expect(!office.isOpen(at: opens + .seconds(8 * 3_600), zone: zone))
            #expect(office.nextChange(after: opens + .milliseconds(-1), zone: zone) == opens)
            #expect(office.nextChange(after: opens, zone: zone) == opens + .seconds(8 * 3_600))
        }
    }

    @Test("Hours in the hour that never comes are skipped, those in the hour that comes twice hold twice")
    func changingNight() throws {
        let zone = try #require(ZoneFacts.berlin)
        let night = Calendar(id: CalendarID("night"), week: [.sunday: try hours("02:00-03:00")])
        // 02:00–03:00 does not exist on 29 March 2026; the next Sunday night is 5 April, +02:00.
        let before = ZoneFacts.utc(2026, 3, 28, 12)
        #expect(!night.isOpen(at: ZoneFacts.utc(2026, 3, 29, 1), zone: zone))
        #expect(night.nextChange(after: before, zone: zone) == ZoneFacts.utc(2026, 4, 5, 0))
        // On 25 October it comes twice, 00:00–01:00 and 01:00–02:00 UTC: open for two hours on end.
        let autumn = ZoneFacts.utc(2026, 10, 25, 0)
        #expect(night.isOpen(at: autumn, zone: zone))
        #expect(night.isOpen(at: ZoneFacts.utc(2026, 10, 25, 1), zone: zone))
        #expect(night.nextChange(after: autumn, zone: zone) == ZoneFacts.utc(2026, 10, 25, 2))
    }

    @Test("In New York and Shanghai the same calendar opens at other moments")
    func elsewhere() throws {
        let newYork = try #require(ZoneFacts.newYork)
        let shanghai = try #require(ZoneFacts.shanghai)
        let office = try office("09:00-17:00")
        #expect(office.isOpen(at: ZoneFacts.utc(2026, 3, 6, 14), zone: newYork))
        #expect(!office.isOpen(at: ZoneFacts.utc(2026, 3, 6, 13, 59), zone: newYork))
        #expect(office.isOpen(at: ZoneFacts.utc(2026, 3, 9, 13), zone: newYork))
        #expect(office.isOpen(at: ZoneFacts.utc(2026, 11, 2, 14), zone: newYork))
        #expect(office.isOpen(at: ZoneFacts.utc(2026, 7, 1, 1), zone: shanghai))
        #expect(!office.isOpen(at: ZoneFacts.utc(2026, 7, 1, 9), zone: shanghai))
        // Friday evening in Shanghai: the next change is Monday 09:00 there, 01:00 UTC.
        let friday = ZoneFacts.utc(2026, 7, 3, 10)
        #expect(office.nextChange(after: friday, zone: shanghai) == ZoneFacts.utc(2026, 7, 6, 1))
    }

    @Test("A shift past midnight is two intervals and one stretch of time")
    func pastMidnight() throws {
        let late = Calendar(
            id: CalendarID("late"),
            week: [.monday: try hours("18:00-24:00"), .tuesday: try hours("00:00-02:00")]
        )
        let monday = ZoneFacts.utc(2026, 6, 1, 18)
        #expect(late.isOpen(at: monday, zone: .utc))
        #expect(late.nextChange(after: monday, zone: .utc) == ZoneFacts.utc(2026, 6, 2, 2))
    }

    @Test("A holiday goes before the week, reduced hours hold on it, and of two the shorter has it")
    func holidays() throws {
        var office = try office("09:00-17:00")
        let christmas = try #require(Holiday.day("*-12-25"))
        let eve = try #require(Holiday.day("2026-12-24"))
        office.holidays = [
            Holiday(day: christmas, name: "Christmas"), Holiday(day: eve, name: "Eve", hours: try hours("09:00-12:00")),
        ]
        let zone = try #require(ZoneFacts.berlin)
        #expect(office.isOpen(at: ZoneFacts.utc(2026, 12, 24, 10), zone: zone))
        #expect(office.state(at: ZoneFacts.utc(2026, 12, 24, 11), zone: zone) == .holiday("Eve"))
        #expect(office.state(at: ZoneFacts.utc(2026, 12, 25, 10), zone: zone) == .holiday("Christmas"))
        #expect(office.isOpen(at: ZoneFacts.utc(2025, 12, 24, 10), zone: zone))
        let noon = ZoneFacts.utc(2026, 12, 24, 11)
        #expect(office.nextChange(after: noon, zone: zone) == ZoneFacts.utc(2026, 12, 28, 8))
        office.holidays.append(Holiday(day: eve, name: "Closed after all"))
        #expect(!office.isOpen(at: ZoneFacts.utc(2026, 12, 24, 10), zone: zone))
    }

    @Test("An emergency goes before all and ends by itself")
    func emergency() throws {
        let zone = try #require(ZoneFacts.berlin)
        var office = try office("09:00-17:00")
        let ten = ZoneFacts.utc(2026, 6, 1, 8)
        office.emergency = EmergencyOverride(isOpen: false, reason: "flood", until: ten)
        #expect(office.state(at: ten + .seconds(-60), zone: zone) == .emergency("flood"))
        #expect(office.nextChange(after: ten + .seconds(-60), zone: zone) == ten)
        #expect(office.isOpen(at: ten, zone: zone))
        office.emergency = EmergencyOverride(isOpen: false, reason: "flood")
        #expect(office.nextChange(after: ten, zone: zone) == nil)
        office.emergency = EmergencyOverride(isOpen: true, reason: "storm", until: ZoneFacts.utc(2026, 6, 1, 20))
        #expect(office.isOpen(at: ZoneFacts.utc(2026, 6, 1, 19), zone: zone))
        #expect(office.nextChange(after: ten, zone: zone) == ZoneFacts.utc(2026, 6, 1, 20))
    }

    @Test("The next change is the first at which the state is another", arguments: Seeds.first(40))
    func nextChangeLaw(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let zone = try #require(
            [ZoneFacts.berlin, ZoneFacts.newYork, ZoneFacts.shanghai].randomElement(using: &random) ?? nil
        )
        var week: [Weekday: OpeningHours] = [:]
        for day in Weekday.allCases where Bool.random(using: &random) {
            let edges = Set((0..<4).map { _ in Int.random(in: 0...96, using: &random) * 15 }).sorted()
            let pairs = stride(from: 0, to: edges.count - 1, by: 2).map { (edges[$0], edges[$0 + 1]) }
            week[day] = OpeningHours(pairs.compactMap { OpeningInterval(from: $0.0, to: $0.1) })
        }
        let calendar = Calendar(id: CalendarID("any"), week: week)
        // Around a night of changing clocks, in steps that meet every quarter of an hour.
        let start = ZoneFacts.utc(2026, 3, Int64.random(in: 6...28, using: &random))
        let next = calendar.nextChange(after: start, zone: zone)
        var time = start
        let isOpen = calendar.isOpen(at: start, zone: zone)
        for _ in 0..<(9 * 24 * 4) where calendar.isOpen(at: time, zone: zone) == isOpen { time = time + .seconds(900) }
        if calendar.isOpen(at: time, zone: zone) == isOpen {
            #expect(next.map { $0 >= time } ?? true)
        } else {
            #expect(next == time)
        }
    }

    @Test("Times far outside any table do not crash", arguments: [Int64.min, -1, 0, 1 << 52, Int64.max])
    func extremes(milliseconds: Int64) throws {
        let zone = try #require(ZoneFacts.newYork)
        let office = try office("09:00-17:00")
        let time = WallTime(milliseconds: milliseconds)
        _ = office.isOpen(at: time, zone: zone)
        _ = office.nextChange(after: time, zone: zone)
        #expect(CalendarDate(daysSinceEpoch: milliseconds).month <= 12)
    }

    @Test(
        "A zone table in disorder, or with impossible offsets, is none",
        arguments: [(0, 0, 3_600), (1, 5, 90_000), (5, 1, 0)] as [(Int64, Int64, Int64)]
    )
    func tables(first: Int64, second: Int64, offset: Int64) {
        let transitions = [first, second].map {
            ZoneTable.Transition(at: WallTime(milliseconds: $0), offset: offset)
        }
        #expect(ZoneTable("X", initialOffset: 0, transitions: transitions) == nil)
    }
}
