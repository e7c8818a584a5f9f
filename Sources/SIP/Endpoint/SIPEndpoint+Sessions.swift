import Kernel

/// Session timers (RFC 4028): a call whose other end vanished is noticed.
extension SIPEndpoint {
    /// The interval that we ask for on a leg, in seconds; zero for none.
    private func ownInterval(_ leg: SIPLeg) -> Int64 {
        let own = configuration.sessionExpires.milliseconds / 1_000
        return own <= 0 ? 0 : max(own, Int64(leg.sessionLeast), Limits.sipSessionMin.milliseconds / 1_000)
    }

    /// Writes what an INVITE or UPDATE of ours asks for.
    func writeSession(_ leg: SIPLeg, to writer: inout SIPWriter) {
        let seconds = leg.session.map { max(Int64($0.seconds), Int64(leg.sessionLeast)) } ?? ownInterval(leg)
        guard seconds > 0 else { return }
        // Who refreshes stays the same for the whole call; we begin as the one who does.
        let role = leg.session?.isOurs == false ? "uas" : "uac"
        writer.header(.sessionExpires, "\(seconds);refresher=\(role)")
        if leg.sessionLeast > 0 { writer.header(.minSE, String(leg.sessionLeast)) }
    }

    /// Notes what an INVITE or UPDATE asks for; 422 when the interval would be too short.
    func sessionWish(_ envelope: SIPEnvelope) throws(SIPRefusal) -> SIPSessionWish {
        let wish = SIPSessionWish(envelope.message)
        let least = Limits.sipSessionMin.milliseconds / 1_000
        if let seconds = wish.seconds, Int64(seconds) < least {
            guard wish.isSupported else {
                // A proxy put it there, and the sender would not understand a 422 (§9).
                var none = wish
                none.seconds = nil
                return none
            }
            throw SIPRefusal(422, headers: [SIPExtraHeader(name: "Min-SE", value: String(least))])
        }
        return wish
    }

    /// Decides the timer for a 200 to an INVITE or UPDATE, starts it, and gives the headers that say so (§9).
    mutating func settleSession(_ id: SIPLegID, now: Instant) -> [(SIPHeaderName, String)] {
        guard let leg = legs[id] else { return [] }
        let wish = leg.sessionWish
        let own = ownInterval(leg)
        let seconds: Int64
        if let asked = wish.seconds {
            seconds = own > 0 ? min(Int64(asked), max(own, Int64(wish.least))) : Int64(asked)
        } else {
            seconds = own > 0 ? max(own, Int64(wish.least)) : 0
        }
        guard seconds > 0 else {
            legs[id]?.session = nil
            return []
        }
        let isSendersTask = wish.isSupported && (wish.isSendersTask ?? !(leg.session?.isOurs ?? false))
        startSession(id, seconds: Int(seconds), isOurs: !isSendersTask, now: now)
        var headers: [(SIPHeaderName, String)] = [
            (.sessionExpires, "\(seconds);refresher=\(isSendersTask ? "uac" : "uas")")
        ]
        if isSendersTask { headers.append((.require, "timer")) }
        return headers
    }

    /// Takes the timer from a 2xx to an INVITE or UPDATE of ours (§7.2).
    mutating func sessionAnswered(_ id: SIPLegID, _ envelope: SIPEnvelope, now: Instant) {
        guard let leg = legs[id] else { return }
        let answer = SIPSessionWish(envelope.message)
        if let seconds = answer.seconds, seconds > 0 {
            // Nobody may ask for less than the RFC's minimum; half of that is soon enough for those who do.
            let enough = max(Int64(seconds), Limits.sipSessionMin.milliseconds / 1_000)
            startSession(id, seconds: Int(enough), isOurs: answer.isSendersTask ?? true, now: now)
        } else if let session = leg.session, session.isOurs {
            // A peer that knows no timer still shows by its answer that it is there.
            startSession(id, seconds: Int(session.seconds), isOurs: true, now: now)
        } else {
            legs[id]?.session = nil
        }
    }

    private mutating func startSession(_ id: SIPLegID, seconds: Int, isOurs: Bool, now: Instant) {
        legs[id]?.session = SIPSessionTimer(seconds: seconds, isOurs: isOurs, now: now)
        scheduleLeg(id)
    }

    /// Refreshes a call, or ends one that was not refreshed in time.
    mutating func sessionDue(_ id: SIPLegID, now: Instant) {
        guard let leg = legs[id], leg.phase == .confirmed, let session = leg.session else { return }
        if session.endsAt <= now {
            legs[id]?.session = nil
            report(.ended(id, .notRefreshed), of: id)
            sendBye(id, reason: SIPReason(cause: 408, text: "Session timer expired"), now: now)
            return
        }
        guard let at = session.refreshAt, at <= now else { return }
        guard !leg.isBusy, leg.outgoingOffer == nil else {
            refreshLater(id, now: now)
            return
        }
        legs[id]?.session?.refreshAt = nil
        if leg.allowsUpdate || leg.sentSession.isEmpty {
            run(SIPErrand(kind: .refresh), on: id, now: now)
        } else {
            legs[id]?.outgoingOffer = SIPLeg.OutgoingOffer(sdp: leg.sentSession, isSilent: true)
            sendReoffer(id, now: now)
        }
    }

    private mutating func refreshLater(_ id: SIPLegID, now: Instant) {
        guard let session = legs[id]?.session else { return }
        let eighth = Span.milliseconds(Int64(session.seconds) * 125)
        legs[id]?.session?.refreshAt = now + max(Limits.sipSessionRetry, eighth)
        scheduleLeg(id)
    }

    /// The peer answered our UPDATE without a session.
    mutating func refreshAnswered(_ id: SIPLegID, _ envelope: SIPEnvelope?, _ status: Int, now: Instant) {
        switch status {
        case 200..<300:
            guard let envelope else { return }
            legs[id]?.dialog.refreshTarget(envelope)
            sessionAnswered(id, envelope, now: now)
        case 408, 481: lost(id, status: status, now: now)
        default: refreshRefused(id, envelope, status, now: now)
        }
    }

    /// A refresh failed, but the peer is there.
    mutating func refreshRefused(_ id: SIPLegID, _ envelope: SIPEnvelope?, _ status: Int, now: Instant) {
        guard legs[id]?.session?.isOurs == true else { return }
        switch status {
        case 405, 501:
            guard let leg = legs[id], leg.allowsUpdate, !leg.sentSession.isEmpty else {
                refreshLater(id, now: now)
                return
            }
            legs[id]?.allowsUpdate = false
            legs[id]?.session?.refreshAt = now
            scheduleLeg(id)
        case 422:
            let isLonger = envelope.map { lengthenSession(id, $0) } ?? false
            if isLonger { legs[id]?.session?.refreshAt = now + Limits.sipT1 } else { refreshLater(id, now: now) }
            scheduleLeg(id)
        default: refreshLater(id, now: now)
        }
    }

    /// Takes Min-SE from a 422; false when it asks for nothing that we did not offer.
    mutating func lengthenSession(_ id: SIPLegID, _ envelope: SIPEnvelope) -> Bool {
        guard let leg = legs[id], let value = envelope.message.first(.minSE),
            let least = SIPSessionWish.seconds(value), least <= 1 << 24,
            Int64(least) > max(Int64(leg.session?.seconds ?? 0), ownInterval(leg))
        else { return false }
        legs[id]?.sessionLeast = Int32(clamping: least)
        return true
    }
}
