import ContactCenter
import Kernel
import Routing

/// What one queue's contacts of one day (UTC) came to, as far as one site counts them.
///
/// A contact is counted at the site where it arrived and nowhere else; only its paperwork is counted where the agent
/// did it. So the cluster's figure is the sum.
struct DayFigures: Hashable, Sendable {
    var day: Int64
    var counts = QueueStatistics()
    /// Refused by a rule, lost with the site, or taken over by another site.
    var other: Int64 = 0

    private enum Field {
        static let day = FieldID(1)
        static let answered = FieldID(2)
        static let inTime = FieldID(3)
        static let abandoned = FieldID(4)
        static let other = FieldID(5)
        static let offered = FieldID(6)
        static let abandonedInTime = FieldID(7)
        static let shortAbandoned = FieldID(8)
        static let answeredWait = FieldID(9)
        static let abandonedWait = FieldID(10)
        static let longestWait = FieldID(11)
        static let talk = FieldID(12)
        static let wrapUp = FieldID(13)
    }

    init(day: Int64) {
        self.day = day
    }

    /// The number of a day (UTC).
    static func day(of time: WallTime) -> Int64 {
        time.milliseconds >= 0 ? time.milliseconds / 86_400_000 : -1
    }

    /// As presence carries it; what is nought is left out.
    var fields: FieldMap {
        var fields: FieldMap = [Field.day: .int(day)]
        func put(_ field: FieldID, _ number: Int64) {
            if number != 0 { fields[field] = .int(number) }
        }
        put(Field.answered, Int64(counts.answered))
        put(Field.inTime, Int64(counts.answeredInTime))
        put(Field.abandoned, Int64(counts.abandoned))
        put(Field.other, other)
        put(Field.offered, Int64(counts.offered))
        put(Field.abandonedInTime, Int64(counts.abandonedInTime))
        put(Field.shortAbandoned, Int64(counts.shortAbandoned))
        put(Field.answeredWait, counts.answeredWait.milliseconds)
        put(Field.abandonedWait, counts.abandonedWait.milliseconds)
        put(Field.longestWait, counts.longestWait.milliseconds)
        put(Field.talk, counts.talk.milliseconds)
        put(Field.wrapUp, counts.wrapUp.milliseconds)
        return fields
    }

    init?(fields: FieldMap) {
        guard let day = fields[Field.day]?.int else { return nil }
        self.day = day
        /// A peer's number, brought into a range whose sums cannot overflow.
        func number(_ field: FieldID) -> Int64 { min(max(fields[field]?.int ?? 0, 0), 1 << 48) }
        func span(_ field: FieldID) -> Span { .milliseconds(number(field)) }
        other = number(Field.other)
        counts.answered = Int(number(Field.answered))
        counts.answeredInTime = Int(number(Field.inTime))
        counts.abandoned = Int(number(Field.abandoned))
        counts.offered = Int(number(Field.offered))
        counts.abandonedInTime = Int(number(Field.abandonedInTime))
        counts.shortAbandoned = Int(number(Field.shortAbandoned))
        counts.answeredWait = span(Field.answeredWait)
        counts.abandonedWait = span(Field.abandonedWait)
        counts.longestWait = span(Field.longestWait)
        counts.talk = span(Field.talk)
        counts.wrapUp = span(Field.wrapUp)
    }
}

/// The day's figures of all queues at this site.
struct StatisticsBook: Hashable, Sendable {
    private(set) var queues: [QueueID: DayFigures] = [:]

    /// Counts something that happened to a contact of a queue.
    mutating func count(_ queue: QueueID, at time: WallTime, _ body: (inout DayFigures) -> Void) {
        let today = DayFigures.day(of: time)
        var figures = queues[queue] ?? DayFigures(day: today)
        // A clock that was set back counts on into the later day rather than losing it.
        if figures.day < today { figures = DayFigures(day: today) }
        body(&figures)
        queues[queue] = figures
    }

    /// Counts the end of a contact that nobody answered.
    mutating func unanswered(
        _ queue: QueueDefinition,
        _ outcome: ContactOutcome,
        after wait: Span,
        at time: WallTime
    ) {
        count(queue.id, at: time) {
            if outcome == .abandoned {
                $0.counts.abandon(after: wait, threshold: queue.serviceLevel, shortAbandonMax: queue.shortAbandon)
            } else {
                $0.other += 1
            }
        }
    }
}
