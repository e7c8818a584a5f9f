import Foundation
package import Kernel

/// The clocks of the web server; tests set their own.
package struct WebClock: Sendable {
    /// The wall clock, for tokens.
    package var wall: @Sendable () -> WallTime
    /// A monotonic clock, for waits and ages.
    package var instant: @Sendable () -> Instant

    /// Takes two clocks.
    package init(wall: @escaping @Sendable () -> WallTime, instant: @escaping @Sendable () -> Instant) {
        self.wall = wall
        self.instant = instant
    }

    /// The machine's clocks.
    package static let system = WebClock(
        wall: { WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) },
        instant: {
            let elapsed = start.duration(to: .now).components
            return Instant(milliseconds: elapsed.seconds * 1_000 + elapsed.attoseconds / 1_000_000_000_000_000)
        }
    )

    private static let start = ContinuousClock.now
}
