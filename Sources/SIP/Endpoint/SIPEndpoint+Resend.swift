import Kernel

extension SIPEndpoint {
    /// Sends an INVITE again with other headers, as part of the same call (RFC 3261 §8.1.3.5).
    ///
    /// `request` is the INVITE that was refused; each changed header takes the place of all that had its name.
    mutating func resendInvite(
        _ id: SIPLegID,
        request: [UInt8],
        changing changes: [(name: SIPHeaderName, value: String)],
        uri changed: [UInt8]? = nil,
        now: Instant
    ) {
        guard var leg = legs[id], case .outgoing = leg.phase, let message = try? SIPMessage(parsing: request),
            case .request(.invite, let uri) = message.start
        else { return }
        leg.dialog.localCSeq += 1
        leg.inviteCSeq = leg.dialog.localCSeq
        let key = ClientTransactionKey(branch: identifiers.next())
        leg.phase = .outgoing(key)
        let destination = leg.dialog.destination
        var writer = SIPWriter(request: .invite, uri: changed.map { $0[...] } ?? uri)
        writer.header(.via, viaText(key, destination))
        for header in message.headers {
            switch header.name {
            case .via, .contentType, .contentLength: continue
            case .cseq: writer.header(.cseq, "\(leg.dialog.localCSeq) INVITE")
            case .other: writer.copy(header)
            default: if !changes.contains(where: { $0.name == header.name }) { writer.copy(header) }
            }
        }
        for change in changes { writer.header(change.name, change.value) }
        legs[id] = leg
        forks[id] = nil
        let bytes = writer.finish(sdp: Array(message.body))
        openClient(key, .invite, bytes, to: destination, owner: .invite(id), within: patience(id, now: now), now: now)
    }
}
