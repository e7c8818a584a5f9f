import Kernel

/// Whom an OPTIONS of ours asks whether it is there.
enum SIPProbeTarget: Hashable, Sendable {
    /// A registered phone, by the serial of its binding.
    case phone(user: String, serial: UInt64)
    /// One address of a trunk.
    case hop(trunk: String, SIPAddress)
}

extension SIPEndpoint {
    /// Sees to it that the phones of a user are asked from time to time; their first turns are spread.
    mutating func planProbes(_ user: String, now: Instant) {
        let interval = configuration.phoneProbeInterval.milliseconds
        guard interval > 0 else { return }
        var identifiers = identifiers
        registrar.planProbes(user, now: now) {
            .milliseconds(1 + Int64(truncatingIfNeeded: identifiers.below(UInt64(interval))))
        }
        self.identifiers = identifiers
    }

    /// Asks the phones of a user whose turn it is.
    mutating func probePhones(of user: String, now: Instant) {
        let interval = configuration.phoneProbeInterval
        guard interval > .zero else { return }
        var count = 0
        while count < Limits.sipContactsMax, let binding = registrar.takeDueProbe(user, next: now + interval, now: now)
        {
            count += 1
            probe(binding, of: user, now: now)
        }
    }

    private mutating func probe(_ binding: SIPBinding, of user: String, now: Instant) {
        sendProbe(
            .phone(user: user, serial: binding.serial),
            uri: binding.uri,
            path: binding.path,
            to: binding.destination,
            within: min(configuration.phoneProbeInterval, Limits.sipProbeTime),
            now: now
        )
    }

    /// Sends OPTIONS to a peer outside any call.
    mutating func sendProbe(
        _ target: SIPProbeTarget,
        uri: [UInt8],
        path: [[UInt8]],
        to destination: SIPDestination,
        within span: Span,
        now: Instant
    ) {
        let key = ClientTransactionKey(branch: identifiers.next())
        let own = contact(user: "", destination)
        var from = Array("\(own);tag=".utf8)
        ASCII.appendHex(identifiers.next(), to: &from)
        var callID: [UInt8] = []
        ASCII.appendHex(identifiers.next(), to: &callID)
        ASCII.appendHex(identifiers.next(), to: &callID)
        var writer = SIPWriter(request: .options, uri: uri)
        writer.header(.via, viaText(key, destination))
        for value in path { writer.header(.route, value) }
        writer.header(.maxForwards, "70")
        writer.header(.from, from)
        writer.header(.to, Array("<".utf8) + uri + Array(">".utf8))
        writer.header(.callID, callID)
        writer.header(.cseq, "1 OPTIONS")
        writer.header(.contact, own)
        writer.header(.accept, "application/sdp")
        writer.header(.userAgent, configuration.product)
        lastProbe += 1
        probes[lastProbe] = target
        let bytes = writer.finish(sdp: nil)
        openClient(key, .options, bytes, to: destination, owner: .probe(lastProbe), within: span, now: now)
    }

    /// A probe was answered, or not: nil.
    mutating func probeEnded(_ number: UInt64, status: Int?, now: Instant) {
        switch probes.removeValue(forKey: number) {
        case .phone(let user, let serial): phoneProbed(user, serial: serial, status: status, now: now)
        case .hop(let trunk, let address): hopProbed(trunk, address, status: status, now: now)
        case nil: break
        }
    }

    private mutating func phoneProbed(_ user: String, serial: UInt64, status: Int?, now: Instant) {
        let wasReachable = registrar.isReachable(user)
        var wasUp = false
        let binding = registrar.note(user, serial: serial) {
            wasUp = $0.isUp
            // Any answer is a sign of life, 404 and 481 too.
            if status != nil { $0.heard() } else { $0.missed() }
        }
        guard let binding else { return }
        reportReachability(user, before: wasReachable)
        // One that was there is asked again at once; one that is known to be gone at its next turn.
        if status == nil, wasUp, binding.probe.isUp { probe(binding, of: user, now: now) }
    }

    /// Something came from an address: a phone that was silent there is back.
    mutating func heard(_ address: SIPAddress) {
        for user in registrar.heard(address) { reportReachability(user, before: false) }
    }

    /// An INVITE to a phone heard nothing at all.
    mutating func phoneIsSilent(_ transaction: ClientTransaction) {
        guard let invite = try? SIPMessage(parsing: transaction.request), case .request(_, let uri) = invite.start
        else { return }
        for phone in registrar.phones(uri: Array(uri), transaction.destination) {
            let wasReachable = registrar.isReachable(phone.user)
            _ = registrar.note(phone.user, serial: phone.serial) { $0.lost() }
            reportReachability(phone.user, before: wasReachable)
        }
    }
}
