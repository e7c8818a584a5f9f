import Kernel

/// A call of ours that is not answered yet: each phone that it rings at has a dialog of its own (RFC 3261 §12.1.2).
extension SIPEndpoint {
    /// Takes a provisional response into its early dialog and confirms it when asked to (RFC 3262 §4).
    ///
    /// False for a copy, and for one that overtook another: it will be repeated.
    mutating func noteProgress(
        _ id: SIPLegID,
        _ envelope: SIPEnvelope,
        _ status: Int,
        source: SIPDestination,
        now: Instant
    ) -> Bool {
        guard let leg = legs[id], case .outgoing = leg.phase else { return false }
        guard let tag = envelope.toTag else { return true }
        let message = envelope.message
        let number = message.lists(.require, "100rel") ? message.first(.rseq)?.decimal : nil
        let index = earlyDialog(id, leg, tag, envelope, source: source)
        guard let number else { return true }
        guard let index, var early = forks[id]?[index], (1..<1 << 32).contains(number) else { return false }
        let rseq = UInt32(number)
        if let last = early.rseq, rseq != last &+ 1 { return false }
        early.rseq = rseq
        early.sdp = (try? envelope.sessionDescription()) ?? early.sdp
        early.dialog.localCSeq += 1
        let key = ClientTransactionKey(branch: identifiers.next())
        let destination = early.dialog.destination
        let via = viaText(key, destination)
        var writer = early.dialog.request(.prack, cseq: early.dialog.localCSeq, via: via)
        writer.header(.rack, "\(rseq) \(envelope.cseq) INVITE")
        writer.header(.userAgent, configuration.product)
        let bytes = writer.finish(sdp: nil)
        forks[id]?[index] = early
        openClient(key, .prack, bytes, to: destination, owner: .nobody, now: now)
        return true
    }

    /// Finds or makes the early dialog of a tag; nil when there are too many, or nowhere to send to.
    private mutating func earlyDialog(
        _ id: SIPLegID,
        _ leg: SIPLeg,
        _ tag: String,
        _ envelope: SIPEnvelope,
        source: SIPDestination
    ) -> Int? {
        let known = forks[id] ?? []
        if let index = known.firstIndex(where: { $0.dialog.remoteTag == tag }) { return index }
        guard known.count < Limits.sipForksMax else { return nil }
        var dialog = leg.dialog
        guard dialog.confirm(envelope, source: source) else { return nil }
        forks[id, default: []].append(SIPEarlyDialog(dialog: dialog))
        return known.count
    }

    /// Notes the number of a peer's request, in the dialog that it belongs to.
    mutating func noteRemoteCSeq(_ leg: SIPLeg, _ number: UInt32) {
        if case .outgoing = leg.phase {
            let tag = leg.dialog.remoteTag
            guard let index = forks[leg.id]?.firstIndex(where: { $0.dialog.remoteTag == tag }) else { return }
            forks[leg.id]?[index].dialog.remoteCSeq = number
        } else {
            legs[leg.id]?.dialog.remoteCSeq = number
        }
    }
}
