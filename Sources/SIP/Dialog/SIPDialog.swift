import Kernel

/// What both ends of a call must remember to send requests to each other (RFC 3261 §12).
struct SIPDialog: Sendable {
    let callID: [UInt8]
    /// Our tag; random, so it alone finds the leg.
    let localTag: UInt64
    /// The peer's tag; empty until the call is answered, for outgoing calls.
    var remoteTag: String
    /// Our From in requests, with tag.
    let localParty: [UInt8]
    /// Our To in requests, with tag.
    var remoteParty: [UInt8]
    /// The peer's Contact: the Request-URI.
    var target: [UInt8]
    var routes: [[UInt8]]
    var localCSeq: UInt32
    var remoteCSeq: UInt32?
    var destination: SIPDestination

    /// The called side's dialog, from the INVITE.
    init(answering envelope: SIPEnvelope, target: Bytes, tag: UInt64, packet: SIPPacket) {
        callID = Array(envelope.callID)
        localTag = tag
        remoteTag = envelope.fromTag
        remoteParty = Array(envelope.message.first(.from) ?? [])
        var local = Array(envelope.message.first(.to) ?? [])
        local += ";tag=".utf8
        ASCII.appendHex(tag, to: &local)
        localParty = local
        self.target = Array(target)
        routes = envelope.message.list(.recordRoute).prefix(Limits.sipRoutesMax).map(Array.init)
        localCSeq = 0
        remoteCSeq = envelope.cseq
        destination = SIPDestination(replyingTo: packet)
        aim(viaCount: envelope.message.list(.via).count, source: destination)
    }

    /// The calling side's dialog before any answer.
    init(calling target: [UInt8], callID: [UInt8], tag: UInt64, from: [UInt8], destination: SIPDestination) {
        self.callID = callID
        localTag = tag
        remoteTag = ""
        localParty = from
        remoteParty = Array("<".utf8) + target + Array(">".utf8)
        self.target = target
        routes = []
        localCSeq = 1
        remoteCSeq = nil
        self.destination = destination
    }

    /// A dialog that only a late 2xx to an INVITE of ours tells about.
    init?(fromLate envelope: SIPEnvelope, destination: SIPDestination) {
        guard let tag = ASCII.hexNumber(Array(envelope.fromTag.utf8)) else { return nil }
        callID = Array(envelope.callID)
        localTag = tag
        remoteTag = ""
        localParty = Array(envelope.message.first(.from) ?? [])
        remoteParty = []
        target = []
        routes = []
        localCSeq = envelope.cseq
        self.destination = destination
        guard confirm(envelope, source: destination), !target.isEmpty else { return nil }
    }

    /// Takes tag, target and route set from the 2xx; false when it names no address to talk to.
    mutating func confirm(_ envelope: SIPEnvelope, source: SIPDestination) -> Bool {
        remoteTag = envelope.toTag ?? ""
        remoteParty = Array(envelope.message.first(.to) ?? [])
        routes = envelope.message.list(.recordRoute).prefix(Limits.sipRoutesMax).reversed().map(Array.init)
        refreshTarget(envelope)
        // The peer answered from where it can be reached; our own Via says nothing about proxies between.
        aim(viaCount: routes.isEmpty ? 1 : 2, source: source)
        return !target.isEmpty
    }

    /// Takes a new Contact (RFC 3261 §12.2.1.2); without one the target stays.
    mutating func refreshTarget(_ envelope: SIPEnvelope) {
        guard let contact = envelope.message.list(.contact).first, let address = SIPNameAddress(contact),
            (try? SIPURI(address.uri)) != nil
        else { return }
        target = Array(address.uri)
    }

    /// Chooses where requests go.
    ///
    /// A stream stays with its connection. Over UDP the first route or the Contact is believed when a proxy stands
    /// between, or when it names the host that we hear from; else the peer sits behind address translation and
    /// only the source of its packets leads back. True when the route or the Contact is believed.
    @discardableResult
    mutating func aim(viaCount: Int, source: SIPDestination) -> Bool {
        destination = source
        guard !source.transport.isReliable || source.flow == nil else { return false }
        let first = routes.first.flatMap { SIPNameAddress($0[...])?.uri } ?? target[...]
        guard let uri = try? SIPURI(first), !uri.host.isEmpty else { return false }
        if uri.host.contains(ASCII.colon) {
            // The same IPv6 address can be written in many ways.
            let named = SIPAddressRange.address(uri.host.text)
            guard let named, viaCount > 1 || named == SIPAddressRange.address(source.remote.host) else { return false }
        } else {
            let isNumeric = uri.host.allSatisfy { ASCII.isDigit($0) || $0 == UInt8(ascii: ".") }
            guard isNumeric, viaCount > 1 || uri.host.elementsEqual(source.remote.host.utf8) else { return false }
        }
        destination.remote = SIPAddress(host: uri.host.text, port: uri.port ?? source.transport.usualPort)
        return true
    }

    /// Starts a request in this dialog, up to and with CSeq.
    func request(_ method: SIPMethod, cseq: UInt32, via: String) -> SIPWriter {
        var uri = target[...]
        var path = routes
        if let first = routes.first, let hop = SIPNameAddress(first[...]),
            (try? SIPURI(hop.uri))?.parameters["lr"] == nil
        {
            // A strict router wants to be the Request-URI itself (RFC 3261 §12.2.1.1).
            uri = hop.uri
            path.removeFirst()
            path.append(Array("<".utf8) + target + Array(">".utf8))
        }
        var writer = SIPWriter(request: method, uri: uri)
        writer.header(.via, via)
        for route in path { writer.header(.route, route) }
        writer.header(.maxForwards, "70")
        writer.header(.from, localParty)
        writer.header(.to, remoteParty)
        writer.header(.callID, callID)
        writer.header(.cseq, "\(cseq) \(method.name)")
        return writer
    }
}
