import Glibc
package import Kernel

/// The clocks of this machine, read as the core's `Moment`.
///
/// All loops and threads of the process share one start, so their instants can be compared.
package enum SystemClock {
    /// What both clocks show now.
    package static var now: Moment {
        Moment(instant: instant, wall: wall)
    }

    /// The monotonic clock, in whole milliseconds since the process first asked for it.
    package static var instant: Instant {
        // The start is read first: at the first call it is made by reading it.
        let origin = start
        return Instant(milliseconds: Int64((nanoseconds &- origin) / 1_000_000))
    }

    /// The wall clock.
    package static var wall: WallTime {
        let time = read(CLOCK_REALTIME)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// The monotonic clock in nanoseconds since the machine's start, for measuring.
    package static var nanoseconds: UInt64 {
        let time = read(CLOCK_MONOTONIC)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static let start = nanoseconds

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        clock_gettime(clock, &time)
        return time
    }
}
