import Kernel

/// A referral of a phone, from its REFER until the last NOTIFY about it (RFC 3515).
struct SIPReferralState: Sendable {
    /// The open REFER, until the owner takes or refuses it.
    var server: UInt64?
    /// By when the owner must have done so.
    var until: Instant?
    /// Tells the second and later referrals of a call apart.
    let event: String
    /// False when the phone asked not to be told (RFC 4488).
    let isTold: Bool
}

extension SIPEndpoint {
    /// A REFER within a call.
    mutating func receiveRefer(
        _ leg: SIPLeg,
        _ envelope: SIPEnvelope,
        _ key: ServerTransactionKey,
        _ packet: SIPPacket,
        now: Instant
    ) {
        let referral: SIPReferral
        do {
            referral = try self.referral(in: envelope, of: leg)
        } catch {
            refuse(leg, envelope, key, packet, error, now: now)
            return
        }
        let serial = openServer(envelope, key, packet, tag: leg.dialog.localTag, now: now)
        let isTold = envelope.message.first(.referSub).map { !$0.matches("false") } ?? true
        referrals[leg.id] = SIPReferralState(
            server: serial,
            until: now + Limits.sipReofferTime,
            event: leg.hasReferred ? "refer;id=\(envelope.cseq)" : "refer",
            isTold: isTold
        )
        legs[leg.id]?.hasReferred = true
        scheduleLeg(leg.id)
        report(.referred(leg.id, referral), of: leg.id)
    }

    private func referral(in envelope: SIPEnvelope, of leg: SIPLeg) throws(SIPRefusal) -> SIPReferral {
        guard leg.phase == .confirmed, leg.isReported else { throw SIPRefusal(403, "Only Within An Answered Call") }
        guard referrals[leg.id] == nil else { throw SIPRefusal(491) }
        let targets = envelope.message.list(.referTo)
        guard targets.count == 1, let address = SIPNameAddress(targets[0]), let uri = try? SIPURI(address.uri)
        else { throw SIPRefusal(400, "Missing, Repeated or Malformed Refer-To") }
        if let method = uri.parameters["method"], !method.matches("INVITE") {
            throw SIPRefusal(400, "Only Calls Can Be Referred")
        }
        let target = normalisedNumber(uri.userText)
        guard !target.isEmpty else { throw SIPRefusal(400, "Refer-To Names Nobody") }
        var referral = SIPReferral(target: target, host: uri.host.text)
        if let replaces = try SIPReplaces.embedded(in: address.uri) {
            guard let other = self.leg(replacedBy: replaces), other.isReported, other.phase != .closing else {
                // Not 481: that would tell the phone that the call it speaks in is gone.
                throw SIPRefusal(404, "No Such Call To Replace")
            }
            referral.replaces = other.id
        }
        return referral
    }

    /// The leg that a Replaces names; some phones write the tags the other way round.
    func leg(replacedBy replaces: SIPReplaces) -> SIPLeg? {
        for (ours, theirs) in [(replaces.toTag, replaces.fromTag), (replaces.fromTag, replaces.toTag)] {
            guard let tag = ASCII.hexNumber(ours.utf8), let id = legByTag[tag], let leg = legs[id] else { continue }
            let isEarly = forks[id]?.contains { $0.dialog.remoteTag == theirs } ?? false
            if leg.dialog.remoteTag == theirs || isEarly, leg.dialog.callID.elementsEqual(replaces.callID) {
                return leg
            }
        }
        return nil
    }

    /// Asks the peer to join its other party with somebody whom its side knows.
    mutating func refer(_ id: SIPLegID, to target: String, now: Instant) {
        guard let leg = legs[id], leg.phase == .confirmed, leg.isReported else { return }
        let uri = "<sip:\(escapedUser(target))@\(leg.dialog.destination.remote.host)>"
        run(SIPErrand(kind: .refer, headers: [(.referTo, uri)]), on: id, now: now)
    }

    /// The owner takes a referral on.
    mutating func acceptReferral(_ id: SIPLegID, now: Instant) {
        guard let referral = referrals[id], let serial = referral.server else { return }
        referrals[id]?.server = nil
        referrals[id]?.until = nil
        let contact = contactText(id)
        respond(serial, SIPRefusal(202), now: now) {
            $0.header(.contact, contact)
            if !referral.isTold { $0.header(.referSub, "false") }
        }
        // The first word comes at once (RFC 3515 §2.4.4).
        notify(id, status: 100, now: now)
    }

    /// The owner tells how a referral goes.
    mutating func referralProgress(_ id: SIPLegID, status: Int, now: Instant) {
        guard let referral = referrals[id], referral.server == nil, (100...699).contains(status) else { return }
        notify(id, status: status, now: now)
        if status >= 200 { referrals[id] = nil }
    }

    private mutating func notify(_ id: SIPLegID, status: Int, now: Instant) {
        guard let referral = referrals[id], referral.isTold else { return }
        let seconds = Limits.sipReferralExpires.milliseconds / 1_000
        let state = status < 200 ? "active;expires=\(seconds)" : "terminated;reason=noresource"
        let errand = SIPErrand(
            kind: .notify,
            headers: [(.event, referral.event), (.subscriptionState, state)],
            contentType: "message/sipfrag;version=2.0",
            body: Array("SIP/2.0 \(status) \(SIPStatus.phrase(status))\r\n".utf8)
        )
        run(errand, on: id, now: now)
    }

    /// The owner refuses a referral.
    mutating func rejectReferral(_ id: SIPLegID, status: Int, now: Instant) {
        guard let serial = referrals[id]?.server, (300...699).contains(status) else { return }
        referrals[id] = nil
        respond(serial, SIPRefusal(status), now: now)
    }

    /// The owner did not say in time what becomes of a referral.
    mutating func referralDue(_ id: SIPLegID, now: Instant) {
        guard let until = referrals[id]?.until, until <= now else { return }
        rejectReferral(id, status: 500, now: now)
    }

    /// The phone does not want to hear more.
    mutating func endSubscription(_ id: SIPLegID) {
        errands[id]?.waiting.removeAll { $0.kind == .notify }
        if referrals[id]?.server == nil { referrals[id] = nil }
    }

    /// A NOTIFY within a call: news of a referral is welcome, anything else was not asked for (RFC 6665 §4.1.3).
    mutating func receiveNotify(
        _ leg: SIPLeg,
        _ envelope: SIPEnvelope,
        _ key: ServerTransactionKey,
        _ packet: SIPPacket,
        now: Instant
    ) {
        let event = envelope.message.first(.event) ?? []
        let package = event[..<(event.firstIndex(of: ASCII.semicolon) ?? event.endIndex)].trimmed
        let isKnown = package.matches("refer")
        let allowed = SIPExtraHeader(name: "Allow-Events", value: "refer")
        let answer = isKnown ? SIPRefusal(200) : SIPRefusal(489, headers: [allowed])
        refuse(leg, envelope, key, packet, answer, now: now)
    }
}
