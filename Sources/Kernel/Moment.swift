/// What both clocks of a site show at once; every event of the core arrives with one.
package struct Moment: Hashable, Sendable {
    /// The monotonic clock: for deadlines.
    package var instant: Instant
    /// The wall clock: for stamps.
    package var wall: WallTime

    /// Makes a moment from the two readings.
    package init(instant: Instant, wall: WallTime) {
        self.instant = instant
        self.wall = wall
    }
}
