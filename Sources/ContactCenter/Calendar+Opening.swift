package import Kernel

/// Whether a calendar is open, and why not.
package enum CalendarState: Hashable, Sendable {
    /// Open.
    case open
    /// Outside the hours of the day.
    case afterHours
    /// On a holiday of this name, outside the hours that it may have.
    case holiday(String)
    /// Closed by somebody, for this reason.
    case emergency(String)
}

// Pure arithmetic on local time: UTC plus the zone's offset, so that an hour that comes twice is open twice and one
// that never comes is never asked for.
extension Calendar {
    private static let day: Int64 = 86_400_000
    private static let times: ClosedRange<Int64> = 0...(1 << 47)

    /// True when it is open at a moment; `zone` must be the table of the calendar's zone.
    package func isOpen(at time: WallTime, zone: ZoneTable) -> Bool {
        state(at: time, zone: zone) == .open
    }

    /// Whether it is open at a moment, and why not.
    package func state(at time: WallTime, zone: ZoneTable) -> CalendarState {
        let time = Calendar.bounded(time)
        if let emergency, emergency.holds(at: time) { return emergency.isOpen ? .open : .emergency(emergency.reason) }
        let local = max(0, time.milliseconds + zone.offset(at: time) * 1_000)
        let days = local / Calendar.day
        let minute = Int((local % Calendar.day) / 60_000)
        if let holiday = holiday(on: days) {
            return holiday.hours.contains(minute: minute) ? .open : .holiday(holiday.name)
        }
        return hours(of: Weekday(daysSinceEpoch: days)).contains(minute: minute) ? .open : .afterHours
    }

    /// The next moment after `time` at which it opens or closes; nil when that is not within 400 days.
    package func nextChange(after time: WallTime, zone: ZoneTable) -> WallTime? {
        var start = Calendar.bounded(time)
        let isOpenNow = isOpen(at: start, zone: zone)
        if let emergency, emergency.holds(at: start) {
            guard let until = emergency.until.map(Calendar.bounded) else { return nil }
            if isOpen(at: until, zone: zone) != isOpenNow { return until }
            start = until
        }
        for _ in 0..<Limits.calendarLookAheadDays {
            let end = WallTime(milliseconds: start.milliseconds + Calendar.day)
            let change = edges(after: start, upTo: end, zone: zone).first { isOpen(at: $0, zone: zone) != isOpenNow }
            if let change { return change }
            start = end
        }
        return nil
    }

    /// The hours that hold on a day: those of the holiday, of several the shortest, else those of the weekday.
    func hours(onDay days: Int64) -> OpeningHours {
        holiday(on: days)?.hours ?? hours(of: Weekday(daysSinceEpoch: days))
    }

    /// Two sites may name the same day at once; the one that opens least has it, at every site.
    private func holiday(on days: Int64) -> Holiday? {
        guard !holidays.isEmpty else { return nil }
        let date = CalendarDate(daysSinceEpoch: days)
        return holidays.filter { $0.falls(on: date) }.min { ($0.hours.minutes, $0) < ($1.hours.minutes, $1) }
    }

    /// Every moment within a stretch of time at which the state can change, by time.
    private func edges(after start: WallTime, upTo end: WallTime, zone: ZoneTable) -> [WallTime] {
        let transitions = zone.transitions(after: start, upTo: end)
        let offsets = Set([zone.offset(at: start)] + transitions.map(\.offset))
        var found = Set(transitions.map(\.at))
        for offset in offsets.sorted() {
            let first = max(0, start.milliseconds + offset * 1_000) / Calendar.day
            let last = max(0, end.milliseconds + offset * 1_000) / Calendar.day
            for day in first...max(first, last) {
                let minutes = [0] + hours(onDay: day).intervals.flatMap { [$0.from, $0.to] }
                for minute in minutes {
                    let local = day * Calendar.day + Int64(minute) * 60_000
                    let moment = WallTime(milliseconds: local - offset * 1_000)
                    if start < moment, moment <= end, zone.offset(at: moment) == offset { found.insert(moment) }
                }
            }
        }
        return found.sorted()
    }

    private static func bounded(_ time: WallTime) -> WallTime {
        WallTime(milliseconds: min(max(time.milliseconds, times.lowerBound), times.upperBound))
    }
}
