import Kernel

/// A message whose essential headers are present, single and well formed.
package struct SIPEnvelope: Sendable {
    /// The whole message, its body cut to Content-Length.
    package let message: SIPMessage
    /// The top Via.
    package let via: SIPVia
    /// From.
    package let from: SIPNameAddress
    /// The tag of From; every message has one.
    package let fromTag: String
    /// To.
    package let to: SIPNameAddress
    /// The tag of To, when the request belongs to a dialog or the response has one.
    package let toTag: String?
    /// Call-ID.
    package let callID: ArraySlice<UInt8>
    /// The number of CSeq.
    package let cseq: UInt32
    /// The method of CSeq.
    package let method: SIPMethod

    /// What became of received bytes.
    package enum Opening: Sendable {
        /// A sound request and its Request-URI.
        case request(SIPEnvelope, SIPURI)
        /// A sound response.
        case response(SIPEnvelope)
        /// A request that must be refused; Via, From, To, Call-ID and CSeq are echoed as far as present.
        case refused(SIPMessage, SIPVia, SIPRefusal)
        /// Not SIP, or so broken that no answer would find its way.
        case dropped
    }

    /// Reads bytes that should be one whole message.
    package static func open(_ bytes: [UInt8]) -> Opening {
        guard let message = try? SIPMessage(parsing: bytes) else { return .dropped }
        guard hopsPassed(by: message) <= Limits.sipViasMax,
            let top = message.first(.via), let topValue = splitList(top).first, let via = SIPVia(topValue),
            !via.hasMulticastAddress
        else { return .dropped }
        do {
            let envelope = try SIPEnvelope(checking: message, via: via)
            guard case .request(let method, let uriBytes) = message.start else { return .response(envelope) }
            return .request(envelope, try requestURI(uriBytes, of: message, method))
        } catch {
            guard let method = message.method, method != .ack else { return .dropped }
            return .refused(message, via, error)
        }
    }

    /// How many Vias there may be at most.
    ///
    /// An answer repeats each on a line of its own, which may take more than it
    /// took in the request; so that nobody can have it grow, what came from too far is not answered.
    private static func hopsPassed(by message: SIPMessage) -> Int {
        var count = 0
        for header in message.headers where header.name == .via {
            count += 1
            for byte in header.value where byte == ASCII.comma { count += 1 }
        }
        return count
    }

    private init(checking message: SIPMessage, via: SIPVia) throws(SIPRefusal) {
        if message.defect == .version || !via.isOfOurVersion { throw SIPRefusal(505) }
        if message.defect == .startLine { throw SIPRefusal(400, "Malformed Request Line") }
        if message.defect != nil { throw SIPRefusal(400, "Malformed Header") }
        let from = try SIPEnvelope.single(.from, in: message)
        guard let from = SIPNameAddress(from) else { throw SIPRefusal(400, "Malformed From") }
        let to = try SIPEnvelope.single(.to, in: message)
        guard let to = SIPNameAddress(to) else { throw SIPRefusal(400, "Malformed To") }
        guard let tag = from.tag, tag.utf8.count <= Limits.sipIdentifierBytesMax,
            (to.tag?.utf8.count ?? 0) <= Limits.sipIdentifierBytesMax
        else { throw SIPRefusal(400, "Bad Tag") }
        let callID = try SIPEnvelope.single(.callID, in: message)
        guard !callID.isEmpty, callID.count <= Limits.sipIdentifierBytesMax,
            callID.allSatisfy({ $0 > ASCII.space }), via.branch.count <= Limits.sipIdentifierBytesMax
        else { throw SIPRefusal(400, "Bad Identifier") }
        let sequence = try SIPEnvelope.single(.cseq, in: message)
        guard let blank = sequence.firstIndex(where: ASCII.isBlank),
            let number = sequence[..<blank].decimal, number < 1 << 31
        else { throw SIPRefusal(400, "Malformed CSeq") }
        let method = SIPMethod(sequence[blank...].trimmed)
        if let requestMethod = message.method, requestMethod != method {
            throw SIPRefusal(400, "CSeq Does Not Match Method")
        }
        self.via = via
        self.from = from
        fromTag = tag
        self.to = to
        toTag = to.tag
        self.callID = callID
        cseq = UInt32(number)
        self.method = method
        self.message = try SIPEnvelope.cutBody(of: message)
    }

    private static func single(_ name: SIPHeaderName, in message: SIPMessage) throws(SIPRefusal) -> Bytes {
        guard message.count(of: name) == 1, let value = message.first(name) else {
            throw SIPRefusal(400, "Missing or Repeated \(name.text)")
        }
        return value
    }

    private static func cutBody(of message: SIPMessage) throws(SIPRefusal) -> SIPMessage {
        let count = message.count(of: .contentLength)
        guard count > 0 else { return message }
        guard count == 1, let length = message.first(.contentLength)?.decimal else {
            throw SIPRefusal(400, "Malformed Content-Length")
        }
        guard length <= message.body.count else { throw SIPRefusal(400, "Content-Length Beyond Datagram") }
        var cut = message
        cut.body = message.body.prefix(length)
        return cut
    }

    /// The checks that only requests must pass (RFC 3261 §8.2, §16.3).
    private static func requestURI(
        _ bytes: Bytes,
        of message: SIPMessage,
        _ method: SIPMethod
    ) throws(SIPRefusal) -> SIPURI {
        if message.count(of: .maxForwards) > 0 {
            let hops = try single(.maxForwards, in: message)
            guard let number = hops.decimal, number <= 255 else { throw SIPRefusal(400, "Malformed Max-Forwards") }
            // Peers probe the next hop with OPTIONS that must go no further; it goes no further from here.
            guard number > 0 || method == .options else { throw SIPRefusal(483) }
        }
        let uri: SIPURI
        do {
            uri = try SIPURI(bytes)
        } catch {
            throw error == .scheme ? SIPRefusal(416) : SIPRefusal(400, "Malformed Request-URI")
        }
        if method != .ack, method != .cancel {
            let unknown = message.list(.require).filter { !SIPOption.isServed($0, in: method) }
            if !unknown.isEmpty {
                let names = unknown.map(\.text).joined(separator: ", ")
                throw SIPRefusal(420, headers: [SIPExtraHeader(name: "Unsupported", value: names)])
            }
        }
        return uri
    }
}
