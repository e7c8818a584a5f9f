import Kernel
import Replication

/// Recordings at other sites, for pages here; recordings here, for pages at other sites.
extension SiteMachine {
    /// Somebody wants to see or hear a recording of another site.
    mutating func want(_ wish: RecordingWish, patience: Span, _ token: CommandToken, _ now: Moment) {
        let until = now.instant + min(max(patience, .zero), Limits.recordingAnswerMax)
        follow(recordings.handle(.wanted(token, wish, until: until), at: now.instant), now)
    }

    mutating func follow(_ directives: [RecordingDirective], _ now: Moment) {
        for directive in directives {
            switch directive {
            case .send(let peer, let bytes): outbox.append(.sendFrame(.recording(bytes), to: peer))
            case .perform(let job): outbox.append(.recording(job))
            case .answer(let token, let answer): reply(token, .recording(answer))
            case .away(let token, let peer): reply(token, .recording(.away(since: lastHeard(peer, now))))
            case .malformed(let peer, let error):
                alarm("recording.malformed", [("peer", peer.name), ("reason", "\(error)")])
                outbox.append(.closeLink(peer, reason: "\(error)"))
            }
        }
    }

    /// When a peer was heard last; nil when never in this life of the site.
    private func lastHeard(_ peer: SiteID, _ now: Moment) -> WallTime? {
        guard let heard = detector.peers.first(where: { $0.site == peer })?.lastHeard else { return nil }
        return WallTime(milliseconds: now.wall.milliseconds - max(0, (now.instant - heard).milliseconds))
    }
}
