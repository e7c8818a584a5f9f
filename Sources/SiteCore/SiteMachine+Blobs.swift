import Kernel
import Replication

/// Attachments: fetched from other sites when somebody wants them, given to other sites that ask.
extension SiteMachine {
    /// Somebody wants a blob; the answer comes when it is here, or when the patience is over.
    mutating func fetch(_ blob: BlobID, patience: Span, _ token: CommandToken, _ now: Moment) {
        guard blobs.waiting.count < Limits.commandsWaitingMax else {
            return reply(token, .refused(Refusal(.unavailable, "Too many attachments are being waited for.")))
        }
        let until = now.instant + min(max(patience, .zero), Limits.blobPatienceMax)
        blobs.waiting[token] = BlobDesk.Waiting(blob: blob, until: until)
        follow(blobs.exchange.handle(.wanted(blob), at: now.instant), now)
    }

    /// The time of `BlobDesk.nextDeadline` has come.
    mutating func blobsDue(_ now: Moment) {
        follow(blobs.exchange.handle(.timer, at: now.instant), now)
        for (token, blob) in blobs.takeImpatient(at: now.instant) {
            let progress = blobs.exchange.progress(of: blob) ?? BlobProgress(length: 0, size: nil, donor: nil)
            reply(token, .blob(.coming(progress)))
        }
    }

    mutating func follow(_ directives: [BlobDirective], _ now: Moment) {
        for directive in directives {
            switch directive {
            case .send(let peer, let bytes): outbox.append(.sendFrame(.blob(bytes), to: peer))
            case .perform(let job): outbox.append(.blob(job))
            case .arrived(let blob, let size):
                for token in blobs.takeWaiting(for: blob) { reply(token, .blob(.here(size: size))) }
                log(.debug, "blob.arrived", [("blob", blob.hex), ("bytes", "\(size)")])
            case .gaveUp(let blob, let why):
                for token in blobs.takeWaiting(for: blob) { reply(token, .blob(.failed(why))) }
                log(.warning, "blob.given-up", [("blob", blob.hex), ("why", why.rawValue)])
            case .mismatched(let blob, let peers):
                let names = peers.map(\.name).joined(separator: " ")
                alarm("blob.mismatched", [("blob", blob.hex), ("from", names)])
            case .malformed(let peer, let error):
                alarm("blob.malformed", [("peer", peer.name), ("reason", "\(error)")])
                outbox.append(.closeLink(peer, reason: "\(error)"))
            }
        }
    }
}
