import Kernel

/// What this site wants.
///
/// Look on the own disk; ask all linked peers; fetch part after part from one that has it, each asked for when the disk
/// has the one before; with another when that one fails. When no linked peer has it, they are asked to get it.
extension BlobExchange {
    mutating func want(_ blob: BlobID, _ now: Instant) {
        let isNew = fetches[blob] == nil
        guard !isNew || fetches.count < Limits.blobFetchesWaitingMax else {
            outbox.append(.gaveUp(blob, .tooMany))
            return
        }
        if isNew { queue.append(blob) }
        var fetch = fetches[blob] ?? BlobFetch(relay: Limits.blobRelayMax)
        fetch.relay = Limits.blobRelayMax
        fetch.wantedUntil = now + Limits.blobInterest
        fetches[blob] = fetch
    }

    /// Begins fetches that wait for room.
    mutating func startQueued() {
        var active = fetches.values.count { $0.isActive }
        while active < Limits.blobFetchesMax, !queue.isEmpty {
            let blob = queue.removeFirst()
            guard fetches[blob]?.phase == .queued else { continue }
            fetches[blob]?.phase = .looking
            perform(.look(blob), for: .fetch(blob))
            active += 1
        }
    }

    // MARK: Asking

    /// Asks all linked peers, but not those for whom it is fetched.
    mutating func ask(_ blob: BlobID, isRelayed: Bool, _ now: Instant) {
        guard var fetch = fetches[blob] else { return }
        let isOwn = fetch.wantedUntil.map { now < $0 } ?? false
        let peers = linked.filter { isOwn || fetch.askers[$0] == nil }.sorted()
        fetch.unanswered = Set(peers)
        if !isRelayed { fetch.holders = [] }
        fetch.phase = .asking(until: now + Limits.blobAskTimeout, isRelayed: isRelayed)
        fetches[blob] = fetch
        for peer in peers { send(.ask(blob, relay: isRelayed ? fetch.relay : 0), to: peer) }
        if peers.isEmpty { asked(blob, now) }
    }

    /// A peer has answered that it has not got it, or is gone.
    mutating func forget(_ peer: SiteID, asOf blob: BlobID, _ now: Instant) {
        guard fetches[blob]?.unanswered.remove(peer) != nil, fetches[blob]?.unanswered.isEmpty == true else { return }
        asked(blob, now)
    }

    /// A round of asking has ended without success.
    private mutating func asked(_ blob: BlobID, _ now: Instant) {
        guard let fetch = fetches[blob], case .asking(_, let isRelayed) = fetch.phase else { return }
        if !isRelayed, fetch.relay > 0, fetch.holders.isEmpty, !linked.isEmpty {
            ask(blob, isRelayed: true, now)
        } else {
            rest(blob, now)
        }
    }

    /// A peer has it.
    mutating func found(_ blob: BlobID, size: Int, at peer: SiteID, _ now: Instant) {
        guard var fetch = fetches[blob] else { return }
        fetch.holders.insert(peer)
        fetch.helpers.remove(peer)
        fetch.unanswered.remove(peer)
        if fetch.size == nil { fetch.size = size }
        fetches[blob] = fetch
        switch fetch.phase {
        case .asking: goOn(blob, now)
        // The timers begin it, within the bound of fetches under way.
        case .resting: fetches[blob]?.phase = .resting(until: now)
        case .queued, .looking, .reading, .writing: break
        }
    }

    // MARK: Reading

    /// Fetches the next part from the best of those who have it; asks around when there is none.
    mutating func goOn(_ blob: BlobID, _ now: Instant) {
        guard var fetch = fetches[blob] else { return }
        let present = fetch.holders.filter { linked.contains($0) && fetch.suspicion[$0, default: 0] < 2 }
        let ready = present.filter { paused[$0].map { $0 <= now } ?? true }
        // One that is at it goes on, so that wrong content points to one peer.
        let best = ready.min { left, right in
            let place = { (peer: SiteID) in
                (fetch.suspicion[peer, default: 0], fetch.contributors.contains(peer) ? 0 : 1)
            }
            return place(left) == place(right) ? left < right : place(left) < place(right)
        }
        guard let donor = best else {
            // All who have it are left alone for a while, or nobody has it: then others are asked.
            if present.isEmpty, fetch.donor != nil || fetch.phase == .looking {
                ask(blob, isRelayed: false, now)
            } else {
                rest(blob, now, for: present.isEmpty ? Limits.blobRest : Limits.blobPeerPause)
            }
            return
        }
        let request = newRequest()
        // All bytes were there when the site went down, before they were held against the name: the last come again.
        if let size = fetch.size, fetch.length >= size { fetch.length = max(0, size - Limits.blobPartBytesMax) }
        let room = (fetch.size ?? Limits.blobBytesMax) - fetch.length
        fetch.phase = .reading(donor, request: request, until: now + Limits.blobPartTimeout)
        fetches[blob] = fetch
        let length = min(max(room, 1), Limits.blobPartBytesMax)
        send(.want(request, blob, offset: fetch.length, length: length), to: donor)
    }

    /// A part has come.
    mutating func take(
        _ bytes: [UInt8],
        offset: Int,
        size: Int,
        _ request: UInt64,
        from peer: SiteID,
        _ now: Instant
    ) {
        guard let blob = blob(of: request, from: peer), var fetch = fetches[blob] else { return }
        guard offset == fetch.length else { return leave(peer, blob, now) }
        if let known = fetch.size, known != size {
            guard fetch.length == 0 else {
                // One of them is wrong about it, and only the whole would tell which.
                fetch.startOver()
                fetches[blob] = fetch
                guard fetch.mismatches < Limits.blobMismatchesMax else { return abandon(blob, .damaged) }
                return goOn(blob, now)
            }
        }
        fetch.size = size
        fetch.contributors.insert(peer)
        fetch.phase = .writing(peer)
        fetches[blob] = fetch
        perform(.append(blob, offset: offset, bytes, size: size), for: .fetch(blob))
    }

    /// A peer cannot give a part now.
    mutating func refused(_ request: UInt64, by peer: SiteID, _ now: Instant) {
        guard let blob = blob(of: request, from: peer) else { return }
        leave(peer, blob, now)
    }

    private func blob(of request: UInt64, from peer: SiteID) -> BlobID? {
        fetches.first { entry in
            if case .reading(peer, request, _) = entry.value.phase { true } else { false }
        }?.key
    }

    /// Leaves a peer alone for a while and goes on with another.
    private mutating func leave(_ peer: SiteID, _ blob: BlobID, _ now: Instant) {
        paused = paused.filter { $0.value > now }
        paused[peer] = now + Limits.blobPeerPause
        fetches[blob]?.holders.remove(peer)
        goOn(blob, now)
    }

    // MARK: The disk and the clock

    /// The disk has done something for a fetch.
    mutating func done(_ blob: BlobID, _ result: BlobResult, _ now: Instant) {
        guard var fetch = fetches[blob] else { return }
        switch result {
        case .standing(.whole(let size)), .whole(let size): return arrived(blob, size: size)
        case .standing(.partial(let length)):
            fetch.length = length
            fetch.isResumed = length > 0
        case .standing(.absent): fetch.length = 0
        case .kept(let length): fetch.length = length
        case .mismatched:
            if !fetch.isResumed { for peer in fetch.contributors { fetch.suspicion[peer, default: 0] += 1 } }
            outbox.append(.mismatched(blob, from: fetch.contributors.sorted()))
            fetch.startOver()
            fetch.lastFailure = .damaged
        case .bytes, .missing, .failed:
            fetch.lastFailure = .disk
            fetches[blob] = fetch
            return rest(blob, now)
        }
        fetches[blob] = fetch
        guard fetch.mismatches < Limits.blobMismatchesMax else { return abandon(blob, .damaged) }
        if fetch.phase == .looking { ask(blob, isRelayed: false, now) } else { goOn(blob, now) }
    }

    /// What was waited for has not come in time.
    mutating func timedOut(_ blob: BlobID, _ now: Instant) {
        guard let fetch = fetches[blob] else { return }
        switch fetch.phase {
        case .asking: asked(blob, now)
        case .reading(let peer, _, _): leave(peer, blob, now)
        case .resting:
            guard fetch.isWanted(at: now) else { return abandon(blob, fetch.lastFailure) }
            guard fetches.values.count(where: \.isActive) < Limits.blobFetchesMax else { return rest(blob, now) }
            let isOnlyPaused = fetch.holders.contains { linked.contains($0) && fetch.suspicion[$0, default: 0] < 2 }
            if isOnlyPaused { goOn(blob, now) } else { ask(blob, isRelayed: false, now) }
        case .queued, .looking, .writing: break
        }
    }

    private mutating func rest(_ blob: BlobID, _ now: Instant, for span: Span = Limits.blobRest) {
        fetches[blob]?.phase = .resting(until: now + span)
    }

    private mutating func arrived(_ blob: BlobID, size: Int) {
        guard let fetch = fetches.removeValue(forKey: blob) else { return }
        outbox.append(.arrived(blob, size: size))
        for peer in fetch.askers.keys.sorted() { send(.here(blob, size: size), to: peer) }
        for peer in fetch.helpers.sorted() { send(.enough(blob), to: peer) }
    }

    mutating func abandon(_ blob: BlobID, _ failure: BlobFailure) {
        guard let fetch = fetches.removeValue(forKey: blob) else { return }
        queue.removeAll { $0 == blob }
        if fetch.wantedUntil != nil { outbox.append(.gaveUp(blob, failure)) }
        for peer in fetch.askers.keys.sorted() { send(.absent(blob), to: peer) }
        for peer in fetch.helpers.sorted() { send(.enough(blob), to: peer) }
    }
}
