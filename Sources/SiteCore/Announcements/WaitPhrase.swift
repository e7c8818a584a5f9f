package import Calls
package import ContactCenter
package import Kernel
package import Routing

/// What is said of a wait: an estimate as people put it.
package enum WaitPhrase: Hashable, Sendable {
    /// Less than a minute.
    case underMinute
    /// About so many minutes.
    case about(Int)
    /// From so many to so many minutes.
    case between(Int, Int)
    /// Longer than anybody wants to hear in minutes.
    case long

    /// Puts a range into words, never shorter than it is.
    package init(low: Span, high: Span) {
        let most = Limits.announcedMinutesMax
        let low = min(max(low.milliseconds, 0) / 60_000, most)
        // Rounded up: whoever is told two minutes and waits three has been told wrong.
        let up = max(high.milliseconds, 0)
        let high = up / 60_000 + (up % 60_000 == 0 ? 0 : 1)
        switch (max(low, 1), high) {
        case (_, ...1): self = .underMinute
        case (_, let high) where high > most: self = .long
        case (let low, let high) where low >= high: self = .about(Int(high))
        case (let low, let high): self = .between(Int(low), Int(high))
        }
    }

    /// Puts an estimate into words.
    package init(_ estimate: WaitEstimate) {
        self.init(low: estimate.low, high: estimate.high)
    }

    /// The clips that say it.
    package func clips(in language: SpokenLanguage) -> [MediaClip] {
        func said(_ name: MediaClip.Name) -> MediaClip { .said(name, in: language) }
        return switch self {
        case .underMinute: [said(.waitUnderMinute)]
        case .about(let minutes): [said(.waitAbout), .number(minutes, in: language), said(.waitMinutes)]
        case .between(let low, let high):
            [
                said(.waitBetween), .number(low, in: language), said(.waitAnd), .number(high, in: language),
                said(.waitMinutes),
            ]
        case .long: [said(.waitLong)]
        }
    }
}

/// What is said of a place in the queue.
package enum PlacePhrase: Hashable, Sendable {
    /// Nobody is before the caller.
    case next
    /// The caller is at this place, 2 or later.
    case number(Int)
    /// Too far behind for a number.
    case many

    /// Puts a place into words; nil for none.
    package init?(position: Int) {
        switch position {
        case ..<1: return nil
        case 1: self = .next
        case ...MediaClip.numbers.upperBound: self = .number(position)
        default: self = .many
        }
    }

    /// The clips that say it.
    package func clips(in language: SpokenLanguage) -> [MediaClip] {
        switch self {
        case .next: [.said(.positionNext, in: language)]
        case .number(let place):
            [.said(.positionBefore, in: language), .number(place, in: language), .said(.positionAfter, in: language)]
        case .many: [.said(.positionMany, in: language)]
        }
    }
}
