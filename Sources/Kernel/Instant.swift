/// A point on a monotonic clock, in milliseconds since an arbitrary start of this process.
///
/// Deadlines, expiries and timers use it. It never goes back and means nothing on another machine.
package struct Instant: Hashable, Comparable, Sendable {
    /// Milliseconds since the start of the clock.
    package var milliseconds: Int64

    /// Makes an instant from milliseconds since the start of the clock.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The start of the clock.
    package static let zero = Instant(milliseconds: 0)

    /// Orders two instants of one clock.
    package static func < (left: Instant, right: Instant) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The instant that lies `span` after `instant`.
    package static func + (instant: Instant, span: Span) -> Instant {
        Instant(milliseconds: instant.milliseconds + span.milliseconds)
    }

    /// The instant that lies `span` before `instant`.
    package static func - (instant: Instant, span: Span) -> Instant {
        Instant(milliseconds: instant.milliseconds - span.milliseconds)
    }

    /// The span from `earlier` to `later`; negative when they are swapped.
    package static func - (later: Instant, earlier: Instant) -> Span {
        Span(milliseconds: later.milliseconds - earlier.milliseconds)
    }
}
