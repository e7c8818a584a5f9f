import Kernel
import Replication

/// The link between two simulated sites: sessions that come and go, each end learning of it in its own time.
///
/// A session is what a TCP connection is: bytes arrive in order and whole, or the session ends.
struct RecordsLink: Sendable {
    /// One direction.
    struct Way: Sendable {
        /// How many faults cut it now.
        var cuts = 0
        /// Nothing arrives before this.
        var stalledUntil: Instant?
        /// Bytes a second; nil for as fast as needed.
        var rate: Int64?
        /// The session of which nothing arrives any more that is due after the instant.
        var dead: (session: Int, after: Instant)?
        /// When the last bytes of the present session arrive: the next come no earlier.
        var lastArrival = Instant.zero
        var decoder = FrameDecoder()
        /// Frames that wait for a slow link, by class.
        var waiting: [[[UInt8]]] = Array(repeating: [], count: TrafficClass.allCases.count)
        var waitingBytes = 0
        var isSending = false
        /// The next frame gets a bit flipped.
        var garbles = false
        /// A bit was flipped in the present session.
        var isGarbled = false
        /// Frames sent in the present second.
        var framesThisSecond = 0

        /// Begins a session.
        mutating func begin(at instant: Instant) {
            lastArrival = instant
            decoder = FrameDecoder()
            waiting = Array(repeating: [], count: TrafficClass.allCases.count)
            waitingBytes = 0
            isSending = false
            isGarbled = false
        }

        /// True when bytes of a session that are due now arrive.
        func carries(_ session: Int, at instant: Instant) -> Bool {
            guard let dead, dead.session == session else { return true }
            return instant <= dead.after
        }

        /// The next frame to send over a slow link, the most urgent first.
        mutating func takeNext() -> [UInt8]? {
            guard let place = waiting.firstIndex(where: { !$0.isEmpty }) else { return nil }
            let bytes = waiting[place].removeFirst()
            waitingBytes -= bytes.count
            return bytes
        }
    }

    let low: Int
    let high: Int
    /// One way, least and most.
    let delay: ClosedRange<Int64>
    /// The session that carries frames.
    var session: Int?
    var lastSession = 0
    /// The session that each end believes in: the lower site's, the higher site's.
    var believed: [Int?] = [nil, nil]
    /// From low to high, and back.
    var ways = [Way(), Way()]

    init(low: Int, high: Int, delay: ClosedRange<Int64>) {
        self.low = low
        self.high = high
        self.delay = delay
    }

    /// The place of a site's end, which is also that of the way that leads away from it.
    func end(_ site: Int) -> Int { site == low ? 0 : 1 }

    func other(than site: Int) -> Int { site == low ? high : low }

    var isCut: Bool { ways.contains { $0.cuts > 0 } }

    /// True when frames can pass both ways and both ends know.
    var isUp: Bool { session != nil && believed == [session, session] && !isCut }
}
