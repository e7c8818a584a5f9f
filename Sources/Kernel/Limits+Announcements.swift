/// Bounds of what waiting callers hear.
extension Limits {
    /// No announcement is longer; a relay that says so is not believed.
    package static let announcementMax = Span.minutes(2)
    /// How long to wait for word that clips are played; then they count as heard, so that music comes.
    package static let announcementWordMax = Span.seconds(5)
    /// A wait that may be longer is told as long: beyond, numbers of minutes are of no use to anybody.
    package static let announcedMinutesMax: Int64 = 30
}
