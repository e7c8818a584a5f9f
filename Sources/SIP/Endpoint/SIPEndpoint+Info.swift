import Kernel

extension SIPEndpoint {
    /// Sends an INFO within an answered leg.
    mutating func sendInfo(_ id: SIPLegID, _ info: SIPInfo, now: Instant) {
        guard let leg = legs[id], leg.phase == .confirmed, leg.isReported, !info.contentType.isEmpty,
            info.body.count <= Limits.sipInfoBytesMax
        else { return }
        run(SIPErrand(kind: .info, contentType: info.contentType, body: info.body), on: id, now: now)
    }

    /// An INFO within a call.
    mutating func receiveInfo(
        _ leg: SIPLeg,
        _ envelope: SIPEnvelope,
        _ key: ServerTransactionKey,
        _ packet: SIPPacket,
        now: Instant
    ) {
        let info: SIPInfo?
        do {
            info = try envelope.info()
        } catch {
            refuse(leg, envelope, key, packet, error, now: now)
            return
        }
        let serial = openServer(envelope, key, packet, tag: leg.dialog.localTag, now: now)
        respond(serial, SIPRefusal(200), now: now)
        if let info, leg.phase == .confirmed { report(.info(leg.id, info), of: leg.id) }
    }
}

extension SIPEnvelope {
    /// What an INFO carries; nil when it has no body.
    func info() throws(SIPRefusal) -> SIPInfo? {
        if message.headers.contains(where: { $0.writtenName.matches("Info-Package") }) {
            // RFC 6086 §4.2.2: no package is known here, and none was offered.
            throw SIPRefusal(469, "Bad Info Package", headers: [SIPExtraHeader(name: "Recv-Info", value: "")])
        }
        guard !message.body.isEmpty else { return nil }
        guard message.body.count <= Limits.sipInfoBytesMax else { throw SIPRefusal(413) }
        if let encoding = message.first(.contentEncoding), !encoding.matches("identity") {
            throw SIPRefusal(415, headers: [SIPExtraHeader(name: "Accept-Encoding", value: "identity")])
        }
        guard let type = message.first(.contentType), message.count(of: .contentType) == 1,
            let slash = type.firstIndex(of: ASCII.slash), slash > type.startIndex,
            type[..<slash].allSatisfy(ASCII.isToken), type.index(after: slash) < type.endIndex
        else {
            let digits = "application/dtmf-relay, application/dtmf"
            throw SIPRefusal(415, headers: [SIPExtraHeader(name: "Accept", value: digits)])
        }
        return SIPInfo(contentType: type.text, body: Array(message.body))
    }
}
