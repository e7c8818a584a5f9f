import Kernel

/// What peers ask for.
extension BlobExchange {
    /// A peer asks whether a blob is here.
    mutating func asked(_ blob: BlobID, relay: Int, by peer: SiteID, _ now: Instant) {
        if fetches[blob] != nil {
            if relay > 0 { fetches[blob]?.askers[peer] = now + Limits.blobRelayInterest }
            return send(.coming(blob), to: peer)
        }
        // Beyond the bound there is no answer; the peer asks again.
        guard takesTask(of: peer) else { return }
        perform(.look(blob), for: .ask(peer, blob, relay: min(relay, Limits.blobRelayMax)))
    }

    /// The disk has said whether it is here.
    mutating func answer(_ blob: BlobID, _ result: BlobResult, relay: Int, to peer: SiteID, _ now: Instant) {
        if case .standing(.whole(let size)) = result { return send(.here(blob, size: size), to: peer) }
        guard relay > 0, fetches[blob] != nil || fetches.count < Limits.blobFetchesWaitingMax else {
            return send(.absent(blob), to: peer)
        }
        if fetches[blob] == nil {
            fetches[blob] = BlobFetch(relay: relay - 1)
            queue.append(blob)
        }
        fetches[blob]?.askers[peer] = now + Limits.blobRelayInterest
        send(.coming(blob), to: peer)
    }

    /// A peer wants a range.
    mutating func give(_ blob: BlobID, offset: Int, length: Int, to peer: SiteID, _ request: UInt64) {
        guard takesTask(of: peer) else { return send(.unavailable(request), to: peer) }
        let task = BlobTask.read(blob, offset: offset, length: min(length, Limits.blobPartBytesMax))
        perform(task, for: .want(peer, request: request, offset: offset))
    }

    /// A peer for whom a blob is fetched has it, or wants it no more.
    mutating func enough(_ blob: BlobID, for peer: SiteID, _ now: Instant) {
        guard fetches[blob]?.askers.removeValue(forKey: peer) != nil else { return }
        if fetches[blob]?.isWanted(at: now) == false { abandon(blob, .nobodyHasIt) }
    }

    /// Counts a peer's question; false when it has too many.
    private mutating func takesTask(of peer: SiteID) -> Bool {
        guard served.values.reduce(0, +) < Limits.blobServesMax, served[peer, default: 0] < Limits.blobServesPerPeerMax
        else { return false }
        served[peer, default: 0] += 1
        return true
    }
}
