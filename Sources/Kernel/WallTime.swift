/// A time of day that people agree on: milliseconds since 1970-01-01T00:00:00Z.
///
/// It may jump when a clock is set; nothing but stamps and displays may depend on it.
package struct WallTime: Hashable, Comparable, Sendable {
    /// Milliseconds since the Unix epoch.
    package var milliseconds: Int64

    /// Makes a time from milliseconds since the Unix epoch.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Orders two times.
    package static func < (left: WallTime, right: WallTime) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The time that lies `span` after `time`.
    package static func + (time: WallTime, span: Span) -> WallTime {
        WallTime(milliseconds: time.milliseconds + span.milliseconds)
    }

    /// The span from `earlier` to `later`; negative when they are swapped.
    package static func - (later: WallTime, earlier: WallTime) -> Span {
        Span(milliseconds: later.milliseconds - earlier.milliseconds)
    }
}
