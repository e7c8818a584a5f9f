import Kernel

/// The mesh link between two sites: sessions that come and go, each end learning of it in its own time.
///
/// Within a session frames keep their order in each direction. When a session is cut, what is on its way is lost,
/// and so is what either end sends before it notices.
struct SimulatedLink: Sendable {
    let low: Int
    let high: Int
    /// One way, least and most.
    let delay: ClosedRange<Int64>
    var isCut = false
    /// The session that carries frames.
    var session: Int?
    var lastSession = 0
    /// The session that each end believes in.
    var believed: [Int: Int] = [:]
    /// When the last frame to each end arrives: the next one comes no earlier.
    var lastArrival: [Int: Instant] = [:]

    init(low: Int, high: Int, delay: ClosedRange<Int64>) {
        self.low = low
        self.high = high
        self.delay = delay
    }

    /// The other end.
    func other(than site: Int) -> Int { site == low ? high : low }
}
