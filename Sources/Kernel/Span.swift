/// A length of time in milliseconds.
///
/// Named `Span` and not `Duration` because the core computes in whole milliseconds: the standard
/// library's attosecond arithmetic costs more and would print fractions that nobody measured.
package struct Span: Hashable, Comparable, Sendable {
    /// The length in milliseconds; may be negative.
    package var milliseconds: Int64

    /// Makes a span from milliseconds.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// No time at all.
    package static let zero = Span(milliseconds: 0)

    /// A span of whole milliseconds.
    package static func milliseconds(_ count: Int64) -> Span {
        Span(milliseconds: count)
    }

    /// A span of whole seconds.
    package static func seconds(_ count: Int64) -> Span {
        Span(milliseconds: count * 1_000)
    }

    /// A span of whole minutes.
    package static func minutes(_ count: Int64) -> Span {
        Span(milliseconds: count * 60_000)
    }

    /// The length in seconds, with fractions.
    package var seconds: Double {
        Double(milliseconds) / 1_000
    }

    /// Orders two spans by length.
    package static func < (left: Span, right: Span) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The sum of two spans.
    package static func + (left: Span, right: Span) -> Span {
        Span(milliseconds: left.milliseconds + right.milliseconds)
    }

    /// The difference of two spans.
    package static func - (left: Span, right: Span) -> Span {
        Span(milliseconds: left.milliseconds - right.milliseconds)
    }

    /// A span `factor` times as long.
    package static func * (span: Span, factor: Int64) -> Span {
        Span(milliseconds: span.milliseconds * factor)
    }
}
