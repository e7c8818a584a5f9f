package import Kernel

/// Gets blobs that this site lacks from peers, and gives them what it has; see DESIGN.md.
///
/// It keeps no content: parts go to the disk as they come, and a fetch goes on from what the disk holds, with whichever
/// peer has the blob, also after a restart. It does not know what blobs are for.
package struct BlobExchange: Sendable {
    /// Whom a job of the disk is for.
    enum Purpose: Hashable, Sendable {
        /// This site's own fetch.
        case fetch(BlobID)
        /// A peer that asked whether the blob is here.
        case ask(SiteID, BlobID, relay: Int)
        /// A peer that wants a range.
        case want(SiteID, request: UInt64, offset: Int)
    }

    var linked: Set<SiteID> = []
    var fetches: [BlobID: BlobFetch] = [:]
    /// Fetches that wait for room, first come first served.
    var queue: [BlobID] = []
    var jobs: [UInt64: Purpose] = [:]
    var served: [SiteID: Int] = [:]
    /// Peers that failed or were busy, until when they are left alone.
    var paused: [SiteID: Instant] = [:]
    var outbox: [BlobDirective] = []
    private var jobCounter: UInt64 = 0
    private var requestCounter: UInt64 = 0

    /// An exchange without peers.
    package init() {
    }

    /// How far a blob is; nil when it is not being fetched.
    package func progress(of blob: BlobID) -> BlobProgress? {
        fetches[blob].map { BlobProgress(length: $0.length, size: $0.size, donor: $0.donor) }
    }

    /// How many blobs are wanted and not here.
    package var count: Int { fetches.count }

    /// When the next `timer` event is due; nil when nothing is pending.
    package var nextDeadline: Instant? {
        fetches.values.compactMap(\.deadline).min()
    }

    /// Takes an event and tells what to do, in order.
    package mutating func handle(_ event: BlobEvent, at now: Instant) -> [BlobDirective] {
        switch event {
        case .peerUp(let peer): peerUp(peer, now)
        case .peerDown(let peer): peerDown(peer, now)
        case .frame(let peer, let bytes): receive(bytes, from: peer, now)
        case .wanted(let blob): want(blob, now)
        case .done(let number, let result): done(number, result, now)
        case .timer: break
        }
        for blob in fetches.keys.sorted() {
            guard let deadline = fetches[blob]?.deadline, deadline <= now else { continue }
            timedOut(blob, now)
        }
        startQueued()
        defer { outbox = [] }
        return outbox
    }

    // MARK: Peers

    private mutating func peerUp(_ peer: SiteID, _ now: Instant) {
        linked.insert(peer)
        paused[peer] = nil
        for blob in fetches.keys.sorted() {
            guard var fetch = fetches[blob] else { continue }
            switch fetch.phase {
            // The timers below begin it, within the bound of fetches under way.
            case .resting: fetches[blob]?.phase = .resting(until: now)
            case .asking(_, let isRelayed):
                fetch.unanswered.insert(peer)
                fetches[blob] = fetch
                send(.ask(blob, relay: isRelayed ? fetch.relay : 0), to: peer)
            case .queued, .looking, .reading, .writing: break
            }
        }
    }

    private mutating func peerDown(_ peer: SiteID, _ now: Instant) {
        linked.remove(peer)
        paused[peer] = nil
        // The disk goes on with what it asked; the answers are not sent.
        served[peer] = nil
        for (number, purpose) in jobs.sorted(by: { $0.key < $1.key }) {
            switch purpose {
            case .ask(peer, _, _), .want(peer, _, _): jobs[number] = nil
            default: break
            }
        }
        for blob in fetches.keys.sorted() {
            fetches[blob]?.holders.remove(peer)
            fetches[blob]?.helpers.remove(peer)
            fetches[blob]?.askers[peer] = nil
            forget(peer, asOf: blob, now)
            if case .reading(peer, _, _) = fetches[blob]?.phase { goOn(blob, now) }
        }
    }

    // MARK: Messages

    mutating func send(_ message: BlobMessage, to peer: SiteID) {
        guard linked.contains(peer) else { return }
        outbox.append(.send(peer, BlobCodec.encode(message)))
    }

    private mutating func receive(_ bytes: [UInt8], from peer: SiteID, _ now: Instant) {
        guard linked.contains(peer) else { return }
        let message: BlobMessage
        do throws(FrameError) {
            message = try BlobCodec.decode(bytes)
        } catch {
            outbox.append(.malformed(peer, error))
            return
        }
        switch message {
        case .ask(let blob, let relay): asked(blob, relay: relay, by: peer, now)
        case .want(let request, let blob, let offset, let length):
            give(blob, offset: offset, length: length, to: peer, request)
        case .enough(let blob): enough(blob, for: peer, now)
        case .here(let blob, let size): found(blob, size: size, at: peer, now)
        case .absent(let blob):
            fetches[blob]?.holders.remove(peer)
            fetches[blob]?.helpers.remove(peer)
            forget(peer, asOf: blob, now)
        case .coming(let blob):
            guard fetches[blob] != nil else { return send(.enough(blob), to: peer) }
            fetches[blob]?.helpers.insert(peer)
            forget(peer, asOf: blob, now)
        case .part(let request, let offset, let size, let bytes):
            take(bytes, offset: offset, size: size, request, from: peer, now)
        case .unavailable(let request): refused(request, by: peer, now)
        case .unknown: break
        }
    }

    // MARK: The disk

    mutating func perform(_ task: BlobTask, for purpose: Purpose) {
        jobCounter += 1
        jobs[jobCounter] = purpose
        if case .fetch(let blob) = purpose { fetches[blob]?.job = jobCounter }
        outbox.append(.perform(BlobJob(jobCounter, task)))
    }

    private mutating func done(_ number: UInt64, _ result: BlobResult, _ now: Instant) {
        guard let purpose = jobs.removeValue(forKey: number) else { return }
        switch purpose {
        case .fetch(let blob):
            // A fetch that was given up and begun again does not take the older one's answer.
            if fetches[blob]?.job == number { done(blob, result, now) }
        case .ask(let peer, let blob, let relay):
            served[peer] = served[peer].map { max(0, $0 - 1) }
            answer(blob, result, relay: relay, to: peer, now)
        case .want(let peer, let request, let offset):
            served[peer] = served[peer].map { max(0, $0 - 1) }
            if case .bytes(let bytes, let size) = result, !bytes.isEmpty {
                send(.part(request, offset: offset, size: size, bytes), to: peer)
            } else {
                send(.unavailable(request), to: peer)
            }
        }
    }

    mutating func newRequest() -> UInt64 {
        requestCounter += 1
        return requestCounter
    }
}
