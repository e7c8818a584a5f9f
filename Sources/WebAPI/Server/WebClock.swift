import Foundation
package import Kernel

/// The clocks of the web server; tests set their own.
package struct WebClock: Sendable {
    /// The wall clock, for tokens.
    package var wall: @Sendable () -> WallTime
    /// A monotonic clock, for waits and ages.
    package var instant: @Sendable () -> Instant

    /// Waits; throws when the task is cancelled.
    package var sleep: @Sendable (Span) async throws -> Void

    /// Takes the clocks and a way to wait.
    package init(
        wall: @escaping @Sendable () -> WallTime,
        instant: @escaping @Sendable () -> Instant,
        sleep: @escaping @Sendable (Span) async throws -> Void
    ) {
        self.wall = wall
        self.instant = instant
        self.sleep = sleep
    }

    /// The machine's clocks.
    package static let system = WebClock(
        wall: { WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) },
        instant: {
            let elapsed = start.duration(to: .now).components
            return Instant(milliseconds: elapsed.seconds * 1_000 + elapsed.attoseconds / 1_000_000_000_000_000)
        },
        sleep: { try await Task.sleep(for: .milliseconds($0.milliseconds)) }
    )

    private static let start = ContinuousClock.now
}
