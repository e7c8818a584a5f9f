package import Kernel

/// The counts of one queue at one site over one day or interval, from which every figure is derived.
///
/// Each contact is counted once, by the site where it arrived; the sums of several sites are the cluster's figures.
package struct QueueStatistics: Hashable, Sendable {
    /// Contacts that entered the queue.
    package var offered = 0
    /// Contacts that an agent answered.
    package var answered = 0
    /// Of those, within the service-level threshold.
    package var answeredInTime = 0
    /// Contacts that gave up, short ones not counted.
    package var abandoned = 0
    /// Of those, within the threshold.
    package var abandonedInTime = 0
    /// Contacts that gave up so soon that they do not count (`shortAbandonMax`).
    package var shortAbandoned = 0
    /// Sum of the waits of answered contacts.
    package var answeredWait = Span.zero
    /// Sum of the waits of abandoned contacts.
    package var abandonedWait = Span.zero
    /// The longest wait of any.
    package var longestWait = Span.zero
    /// Sum of talking and hold.
    package var talk = Span.zero
    /// Sum of wrap-up.
    package var wrapUp = Span.zero

    /// Makes empty counts.
    package init() {}
}

extension QueueStatistics {
    /// Counts a contact that entered the queue.
    package mutating func enter() {
        offered += 1
    }

    /// Takes back the count of a contact that goes on in another queue.
    package mutating func leave() {
        offered = max(0, offered - 1)
    }

    /// Counts an answer.
    package mutating func answer(after wait: Span, threshold: Span) {
        answered += 1
        if wait <= threshold { answeredInTime += 1 }
        answeredWait = answeredWait + wait
        longestWait = max(longestWait, wait)
    }

    /// Counts a contact that gave up; below `shortAbandonMax` it counts as a false one only.
    package mutating func abandon(after wait: Span, threshold: Span, shortAbandonMax: Span = .seconds(5)) {
        longestWait = max(longestWait, wait)
        guard wait >= shortAbandonMax else {
            shortAbandoned += 1
            return
        }
        abandoned += 1
        if wait <= threshold { abandonedInTime += 1 }
        abandonedWait = abandonedWait + wait
    }

    /// Counts the time that a finished contact took.
    package mutating func handle(talk: Span, wrapUp: Span) {
        self.talk = self.talk + talk
        self.wrapUp = self.wrapUp + wrapUp
    }

    /// The sum of two sites' counts.
    package static func + (left: QueueStatistics, right: QueueStatistics) -> QueueStatistics {
        var sum = left
        sum.offered += right.offered
        sum.answered += right.answered
        sum.answeredInTime += right.answeredInTime
        sum.abandoned += right.abandoned
        sum.abandonedInTime += right.abandonedInTime
        sum.shortAbandoned += right.shortAbandoned
        sum.answeredWait = left.answeredWait + right.answeredWait
        sum.abandonedWait = left.abandonedWait + right.abandonedWait
        sum.longestWait = max(left.longestWait, right.longestWait)
        sum.talk = left.talk + right.talk
        sum.wrapUp = left.wrapUp + right.wrapUp
        return sum
    }
}

/// How abandoned contacts enter the service level; print the name beside the figure.
package enum ServiceLevelVariant: String, Hashable, CaseIterable, Sendable {
    /// A/(N−B): abandons within the threshold do not count.
    case ignoreAbandons
    /// A/N: every abandon counts against.
    case negative
    /// (A+B)/N: an abandon within the threshold counts as served.
    case positive
    /// A/answered: abandons are not looked at.
    case handledOnly
}

extension QueueStatistics {
    /// The service level, 0…1: A answered and B abandoned within the threshold, N all that were answered, abandoned, or
    /// wait beyond it.
    ///
    /// Nil when nothing counts yet.
    ///
    /// - Parameter overdue: contacts that still wait, beyond the threshold.
    package func serviceLevel(_ variant: ServiceLevelVariant, overdue: Int = 0) -> Double? {
        let inTime = Double(answeredInTime)
        let all = Double(answered + abandoned + overdue)
        let (good, base) =
            switch variant {
            case .ignoreAbandons: (inTime, all - Double(abandonedInTime))
            case .negative: (inTime, all)
            case .positive: (inTime + Double(abandonedInTime), all)
            case .handledOnly: (inTime, Double(answered))
            }
        return base > 0 ? good / base : nil
    }

    /// Average speed of answer: the mean wait of answered contacts.
    package var speedOfAnswer: Span? {
        answered > 0 ? .milliseconds(answeredWait.milliseconds / Int64(answered)) : nil
    }

    /// Average handling time: talking, hold and wrap-up of answered contacts.
    package var handlingTime: Span? {
        answered > 0 ? .milliseconds((talk + wrapUp).milliseconds / Int64(answered)) : nil
    }

    /// Abandoned over offered, short abandons left out of both.
    package var abandonment: Double? {
        let base = offered - shortAbandoned
        return base > 0 ? Double(abandoned) / Double(base) : nil
    }
}
