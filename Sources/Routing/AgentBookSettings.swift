package import Kernel

/// Spans that bound an agent's states.
package struct AgentBookSettings: Hashable, Sendable {
    /// A reservation that nobody goes on with is over after this: two round trips and a slow commit.
    package var reservedMax: Span = .seconds(5)
    /// Added to the queue's ring time before the book itself calls it unanswered: the phone's own timer comes first.
    package var ringMargin: Span = .seconds(2)
    /// A conversation whose end was never heard of is taken for over after this.
    package var talkingMax: Span = .minutes(240)
    /// A text contact whose end was never heard of is taken for over after this: a working day, since mail and
    /// tickets may lie on a desk for hours.
    package var textMax: Span = .minutes(480)
    /// A text contact that the agent took goes back when its site does not agree within this.
    package var takenMax: Span = Limits.textAnswerMax
    /// An agent who does not come back after an unanswered call is set not ready after this.
    package var notRespondingMax: Span = .minutes(5)
    /// How often wrap-up can be extended for one contact.
    package var wrapUpExtensionsMax = 3
    /// The site's distance from UTC, so that "today" ends at its midnight.
    package var zoneOffset: Span = .zero
    /// Whether an agent without a registered phone can be ready.
    package var requiresPhone = true

    /// Makes settings with the defaults.
    package init() {}
}
