import Kernel

/// A stretch of a day in which a calendar is open: `08:00-12:00`, the end not included.
package struct OpeningInterval: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Minutes from midnight to midnight.
    package static let minutesOfDay = 1_440

    /// The first open minute of the day, 0…1439.
    package let from: Int
    /// The minute after the last open one, 1…1440.
    package let to: Int

    /// Makes an interval; nil when it is empty, reversed or leaves the day.
    package init?(from: Int, to: Int) {
        guard from >= 0, from < to, to <= OpeningInterval.minutesOfDay else { return nil }
        self.from = from
        self.to = to
    }

    /// Reads `08:00-12:00`; nil when it is none.
    package init?(_ text: String) {
        guard let (from, to) = OpeningInterval.ends(text) else { return nil }
        self.init(from: from, to: to)
    }

    /// As `08:00-12:00`.
    package var description: String { "\(OpeningInterval.clock(from))-\(OpeningInterval.clock(to))" }

    /// Orders by beginning, then end.
    package static func < (left: OpeningInterval, right: OpeningInterval) -> Bool {
        (left.from, left.to) < (right.from, right.to)
    }

    /// Both ends of what is written as an interval, whatever their order.
    static func ends(_ text: String) -> (Int, Int)? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let from = minute(parts[0]), let to = minute(parts[1]) else { return nil }
        return (from, to)
    }

    private static func minute(_ text: Substring) -> Int? {
        let parts = ChangeList.trimmed(text).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hours = DigitText.number(parts[0], digits: 2),
            let minutes = DigitText.number(parts[1], digits: 2), minutes < 60
        else { return nil }
        let total = Int(hours * 60 + minutes)
        return total <= minutesOfDay ? total : nil
    }

    private static func clock(_ minute: Int) -> String {
        "\(DigitText.padded(Int64(minute / 60))):\(DigitText.padded(Int64(minute % 60)))"
    }
}

/// When a calendar is open on one day.
package struct OpeningHours: Hashable, Sendable {
    /// By beginning; they do not overlap when they come through `checked`.
    package let intervals: [OpeningInterval]

    /// Sorts intervals.
    package init(_ intervals: [OpeningInterval]) {
        self.intervals = intervals.sorted()
    }

    /// Closed all day.
    package static let closed = OpeningHours([])

    /// Open all day.
    package static let always = OpeningHours(
        [OpeningInterval(from: 0, to: OpeningInterval.minutesOfDay)].compactMap { $0 }
    )

    /// True when this minute of the day is within.
    package func contains(minute: Int) -> Bool {
        intervals.contains { $0.from <= minute && minute < $0.to }
    }

    /// How many minutes of the day are open.
    package var minutes: Int { intervals.reduce(0) { $0 + $1.to - $1.from } }

    /// Two intervals that share a minute, if there are any.
    package var overlap: (OpeningInterval, OpeningInterval)? {
        zip(intervals, intervals.dropFirst()).first { $0.to > $1.from }
    }

    /// The intervals as text.
    package var texts: [String] { intervals.map(\.description) }

    /// Reads what a person entered and says precisely what is wrong with it; `name` is the field.
    package static func checked(_ texts: [String], name: String) throws(EditRejection) -> OpeningHours {
        guard texts.count <= Limits.intervalsPerDayMax else {
            throw EditRejection(
                .tooLarge,
                field: name,
                "At most \(Limits.intervalsPerDayMax) times a day are possible."
            )
        }
        var intervals: [OpeningInterval] = []
        for text in texts {
            guard let (from, to) = OpeningInterval.ends(text) else {
                throw EditRejection(
                    .invalid,
                    field: name,
                    "\(CustomerPatch.quoted(text)) is not a time such as 08:00-12:00."
                )
            }
            guard let interval = OpeningInterval(from: from, to: to) else {
                let why =
                    from == to
                    ? "is empty; all day is 00:00-24:00."
                    : "ends before it begins. Hours past midnight are two: until 24:00, and from 00:00 on the next day."
                throw EditRejection(.invalid, field: name, "\(CustomerPatch.quoted(text)) \(why)")
            }
            intervals.append(interval)
        }
        let hours = OpeningHours(intervals)
        if let (first, second) = hours.overlap {
            throw EditRejection(.invalid, field: name, "\(first) and \(second) overlap.")
        }
        return hours
    }

    /// Reads stored texts; what is no interval is left out.
    init(stored texts: [String]) {
        self.init(texts.prefix(Limits.intervalsPerDayMax).compactMap { OpeningInterval($0) })
    }
}
