import ContactCenter
import Kernel

/// What one queue's contacts of one day (UTC) came to, for those that arrived at one site.
///
/// Each contact is counted at the site where it arrived and nowhere else, so the cluster's figure is the sum.
struct DayFigures: Hashable, Sendable {
    var day: Int64
    var answered: Int64 = 0
    /// Of the answered, those within the queue's target.
    var inTime: Int64 = 0
    var abandoned: Int64 = 0
    /// Refused by a rule, or lost with the site.
    var other: Int64 = 0

    private enum Field {
        static let day = FieldID(1)
        static let answered = FieldID(2)
        static let inTime = FieldID(3)
        static let abandoned = FieldID(4)
        static let other = FieldID(5)
    }

    init(day: Int64) {
        self.day = day
    }

    /// The number of a day (UTC).
    static func day(of time: WallTime) -> Int64 {
        time.milliseconds >= 0 ? time.milliseconds / 86_400_000 : -1
    }

    /// As presence carries it.
    var fields: FieldMap {
        [
            Field.day: .int(day), Field.answered: .int(answered), Field.inTime: .int(inTime),
            Field.abandoned: .int(abandoned), Field.other: .int(other),
        ]
    }

    init?(fields: FieldMap) {
        guard let day = fields[Field.day]?.int else { return nil }
        self.day = day
        answered = fields[Field.answered]?.int ?? 0
        inTime = fields[Field.inTime]?.int ?? 0
        abandoned = fields[Field.abandoned]?.int ?? 0
        other = fields[Field.other]?.int ?? 0
    }
}

/// The day's figures of all queues at this site.
struct StatisticsBook: Hashable, Sendable {
    private(set) var queues: [QueueID: DayFigures] = [:]

    /// Counts an answer.
    mutating func answered(_ queue: QueueID, inTime: Bool, at time: WallTime) {
        change(queue, at: time) {
            $0.answered += 1
            if inTime { $0.inTime += 1 }
        }
    }

    /// Counts the end of a contact that nobody answered.
    mutating func unanswered(_ queue: QueueID, _ outcome: ContactOutcome, at time: WallTime) {
        change(queue, at: time) {
            if outcome == .abandoned { $0.abandoned += 1 } else { $0.other += 1 }
        }
    }

    private mutating func change(_ queue: QueueID, at time: WallTime, _ body: (inout DayFigures) -> Void) {
        let today = DayFigures.day(of: time)
        var figures = queues[queue] ?? DayFigures(day: today)
        // A clock that was set back counts on into the later day rather than losing it.
        if figures.day < today { figures = DayFigures(day: today) }
        body(&figures)
        queues[queue] = figures
    }
}
