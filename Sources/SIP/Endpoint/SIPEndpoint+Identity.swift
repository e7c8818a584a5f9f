import Kernel

/// Who calls and whom, as headers say it.
extension SIPEndpoint {
    /// From without its tag; an address that says nothing when the caller is not to be shown (RFC 3323 §4.1).
    func fromText(_ invitation: SIPInvitation, host: String) -> String {
        if invitation.isPrivate { return "\"Anonymous\" <sip:anonymous@anonymous.invalid>" }
        return quotedName(invitation.displayName) + "<sip:\(escapedUser(invitation.from))@\(host)>"
    }

    /// The headers of an INVITE about identity, diversion and how a phone answers.
    func writeIdentity(_ invitation: SIPInvitation, target: [UInt8], host: String, to writer: inout SIPWriter) {
        if invitation.isPrivate { writer.header(.privacy, "id") }
        if !invitation.from.isEmpty, isTrusted(invitation) {
            let name = quotedName(invitation.displayName)
            writer.header(.assertedIdentity, "\(name)<sip:\(escapedUser(invitation.from))@\(host)>")
        }
        if let first = invitation.firstDialled {
            let old = "<sip:\(escapedUser(first))@\(host)>;index=1"
            writer.header(.historyInfo, Array("\(old), <".utf8) + target + Array(">;index=1.1;mp=1".utf8))
        }
        if invitation.answersItself {
            // One header for most phones, the other for those that follow Polycom and Yealink.
            writer.header(SIPExtraHeader(name: "Call-Info", value: "<sip:\(host)>;answer-after=0"))
            let alert = "<http://localhost>;info=alert-autoanswer;delay=0"
            writer.header(SIPExtraHeader(name: "Alert-Info", value: alert))
        }
    }

    /// Whether the called side may see the number of a caller who is not to be shown: a carrier, never a phone.
    private func isTrusted(_ invitation: SIPInvitation) -> Bool {
        switch invitation.target {
        case .trunk: true
        case .address: invitation.isPrivate
        case .user: false
        }
    }
}

/// A display name as a quoted string with a space behind it; nothing for an empty name.
func quotedName(_ name: String) -> String {
    if name.isEmpty { return "" }
    var quoted = "\""
    for scalar in name.unicodeScalars where scalar.value >= 32 {
        if scalar == "\"" || scalar == "\\" { quoted += "\\" }
        quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\" "
}

extension SIPEnvelope {
    /// The numbers that were dialled before this one, the first one first.
    func history(before dialled: String) -> [String] {
        var entries = message.list(.historyInfo)
        if entries.isEmpty {
            // The newest diversion stands on top (RFC 5806 §4.1).
            entries = message.list(.diversion).reversed()
        }
        var numbers: [String] = []
        for entry in entries.prefix(Limits.sipHistoryMax) {
            guard let address = SIPNameAddress(entry), let uri = try? SIPURI(address.uri) else { continue }
            let number = normalisedNumber(uri.userText)
            if !number.isEmpty, numbers.last != number { numbers.append(number) }
        }
        // The last entry of History-Info is where the call goes now (RFC 7044 §5.2).
        if numbers.last == dialled { numbers.removeLast() }
        return numbers
    }
}

extension SIPEndpoint {
    /// The leg that a new call shall take the place of (RFC 3891 §3); nil when it replaces none.
    func replacedLeg(_ envelope: SIPEnvelope) throws(SIPRefusal) -> SIPLegID? {
        let values = envelope.message.headers.filter { $0.name == .replaces }
        guard let value = values.first?.value else { return nil }
        guard values.count == 1, let replaces = SIPReplaces(value) else { throw SIPRefusal(400, "Malformed Replaces") }
        guard let leg = self.leg(replacedBy: replaces), leg.isReported else { throw SIPRefusal(481) }
        switch leg.phase {
        case .incoming, .closing: throw SIPRefusal(481)
        case .confirmed where replaces.isEarlyOnly: throw SIPRefusal(486)
        case .confirmed, .outgoing: return leg.id
        }
    }

    /// Whether an INVITE is one of ours that came back.
    func isOwnLoop(_ envelope: SIPEnvelope) -> Bool {
        guard let tag = ASCII.hexNumber(envelope.fromTag.utf8), let id = legByTag[tag], let leg = legs[id]
        else { return false }
        return leg.dialog.callID.elementsEqual(envelope.callID)
    }
}
