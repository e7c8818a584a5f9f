import Kernel
import Replication

/// Requests for much data that wait because the line to the peer who asks is full.
///
/// What is on disk need not wait in memory too: not the answer is kept but the question, and the log is read once there
/// is room. At most one for each peer and origin: a newer question takes the place of the older one, whose sender has
/// given it up.
struct HeldRequests {
    private struct Entry {
        let origin: Origin
        let frame: Frame
    }

    private var entries: [SiteID: [Entry]] = [:]
    /// How many requests had to wait since the start.
    private(set) var heldCount: UInt64 = 0

    /// The class in which a request is answered, when its answer is bulk.
    static func answerClass(of frame: Frame) -> TrafficClass? {
        if case .want = frame { .catchUp } else { nil }
    }

    /// Keeps a request.
    ///
    /// Beyond the bound it is dropped; its sender asks again after `Limits.wantTimeout`.
    mutating func hold(_ frame: Frame, from peer: SiteID) {
        guard case .want(let request) = frame else { return }
        var waiting = entries[peer, default: []]
        waiting.removeAll { $0.origin == request.origin }
        guard waiting.count < Limits.heldRequestsPerPeerMax else { return }
        waiting.append(Entry(origin: request.origin, frame: frame))
        entries[peer] = waiting
        heldCount += 1
    }

    /// Takes out what waits for room towards a peer, the oldest first.
    mutating func take(from peer: SiteID) -> [Frame] {
        entries.removeValue(forKey: peer).map { $0.map(\.frame) } ?? []
    }

    /// Forgets what a peer asked.
    mutating func drop(_ peer: SiteID) {
        entries[peer] = nil
    }
}
