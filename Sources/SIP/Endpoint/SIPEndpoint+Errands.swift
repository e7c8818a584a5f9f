import Kernel

/// A request within an answered call that is neither INVITE nor BYE.
struct SIPErrand: Sendable {
    enum Kind: Hashable, Sendable {
        case info, notify, refresh, refer
    }

    let kind: Kind
    var headers: [(SIPHeaderName, String)] = []
    var contentType = ""
    var body: [UInt8] = []
    /// How often it was sent again, because another request of ours overtook it.
    var repeats = 0

    var method: SIPMethod {
        switch kind {
        case .info: .info
        case .notify: .notify
        case .refresh: .update
        case .refer: .refer
        }
    }
}

/// The errands of one leg: one goes at a time, for a lost one that comes after its successor would be refused.
struct SIPErrandQueue: Sendable {
    var waiting: [SIPErrand] = []
    var open: (errand: SIPErrand, client: ClientTransactionKey)?
    /// When a BYE waits no longer.
    var byeAt: Instant?
}

extension SIPEndpoint {
    /// Sends a request within an answered call as soon as the ones before are answered.
    mutating func run(_ errand: SIPErrand, on id: SIPLegID, now: Instant) {
        var queue = errands[id] ?? SIPErrandQueue()
        guard queue.waiting.count < Limits.sipErrandsMax else { return }
        queue.waiting.append(errand)
        errands[id] = queue
        sendErrand(id, now: now)
    }

    private mutating func sendErrand(_ id: SIPLegID, now: Instant) {
        guard let queue = errands[id], queue.open == nil else { return }
        guard var leg = legs[id], leg.phase == .confirmed, let errand = queue.waiting.first else {
            errands[id] = nil
            if let leg = legs[id], let waiting = leg.hangUpWaiting, leg.answer == nil {
                sendBye(id, reason: waiting.reason, now: now)
            }
            return
        }
        leg.dialog.localCSeq += 1
        legs[id] = leg
        let key = ClientTransactionKey(branch: identifiers.next())
        let destination = leg.dialog.destination
        let via = viaText(key, destination)
        var writer = leg.dialog.request(errand.method, cseq: leg.dialog.localCSeq, via: via)
        writer.header(.contact, contactText(id))
        for (name, value) in errand.headers { writer.header(name, value) }
        if errand.kind == .refresh {
            writer.header(.supported, SIPOption.supported)
            writeSession(leg, to: &writer)
        }
        writer.header(.userAgent, configuration.product)
        errands[id]?.waiting.removeFirst()
        errands[id]?.open = (errand, key)
        let bytes = writer.finish(type: errand.contentType, body: errand.body)
        openClient(key, errand.method, bytes, to: destination, owner: .errand(id), now: now)
    }

    /// The peer answered an errand; 408 also when it did not.
    mutating func errandAnswered(
        _ id: SIPLegID,
        _ key: ClientTransactionKey,
        _ envelope: SIPEnvelope?,
        _ status: Int,
        now: Instant
    ) {
        guard let open = errands[id]?.open, open.client == key else { return }
        errands[id]?.open = nil
        if status == 500, open.errand.kind != .refresh, open.errand.repeats < Limits.sipErrandRepeatsMax {
            // A new offer or the like overtook it, and the peer found its number out of order.
            var again = open.errand
            again.repeats += 1
            errands[id]?.waiting.insert(again, at: 0)
            sendErrand(id, now: now)
            return
        }
        switch open.errand.kind {
        case .info, .refer: if status == 481 { lost(id, status: status, now: now) }
        case .notify: if status >= 300 { endSubscription(id) }
        case .refresh: refreshAnswered(id, envelope, status, now: now)
        }
        sendErrand(id, now: now)
    }

    /// The peer no longer knows the call.
    mutating func lost(_ id: SIPLegID, status: Int, now: Instant) {
        guard legs[id]?.phase == .confirmed else { return }
        report(.ended(id, .lost(status: status)), of: id)
        sendBye(id, reason: nil, now: now)
    }

    /// Whether a BYE should wait a little, because the peer is still being told something.
    mutating func holdsBye(_ id: SIPLegID, now: Instant) -> Bool {
        guard let queue = errands[id],
            queue.open?.errand.kind == .notify || queue.waiting.contains(where: { $0.kind == .notify })
        else { return false }
        errands[id]?.waiting.removeAll { $0.kind != .notify }
        errands[id]?.byeAt = now + Limits.sipNotifyGrace
        scheduleLeg(id)
        return true
    }

    /// A BYE has waited long enough.
    mutating func errandDue(_ id: SIPLegID, now: Instant) {
        guard let at = errands[id]?.byeAt, at <= now else { return }
        errands[id] = nil
        guard let leg = legs[id], leg.answer == nil, let waiting = leg.hangUpWaiting else { return }
        sendBye(id, reason: waiting.reason, now: now)
    }
}
