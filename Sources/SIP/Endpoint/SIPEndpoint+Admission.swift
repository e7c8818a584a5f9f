import Kernel

extension SIPEndpoint {
    /// Whether a new request outside any call may pass its source's bound; trunks have their own.
    mutating func isWithinBounds(_ packet: SIPPacket, now: Instant) -> Bool {
        if !configuration.trunks.isEmpty, let address = SIPAddressRange.address(packet.remote.host),
            configuration.trunks.contains(where: { trunks[$0.name]?.isSource(address) == true })
        {
            return true
        }
        return admission.sources.take(packet.remote.host, now: now)
    }

    /// Finds out who calls, or throws the answer to give; no hash is computed for a call that finds no room.
    mutating func admit(_ envelope: SIPEnvelope, _ packet: SIPPacket, now: Instant) throws(SIPRefusal) -> SIPOrigin {
        let origin = try authenticatedOrigin(envelope, packet, now: now)
        guard admission.calls.take(now) else { throw SIPRefusal.overload }
        if case .trunk(let name) = origin, trunks[name]?.rate?.take(now) == false { throw SIPRefusal.overload }
        return origin
    }

    private mutating func authenticatedOrigin(
        _ envelope: SIPEnvelope,
        _ packet: SIPPacket,
        now: Instant
    ) throws(SIPRefusal) -> SIPOrigin {
        let user = (try? SIPURI(envelope.from.uri))?.userText ?? ""
        switch phoneProof(user, envelope, packet) {
        case .connection:
            try checkRoom(nil, now: now)
            return .phone(user: user)
        case .address:
            try checkRoom(nil, now: now)
            try authenticator.check(envelope, registrar.claim(user), now: now)
            return .phone(user: user)
        case .nothing: break
        }
        guard !configuration.trunks.isEmpty else {
            try checkRoom(nil, now: now)
            return .stranger
        }
        guard let trunk = trunk(of: envelope, packet) else { throw SIPRefusal(403) }
        try checkRoom(trunk.name, now: now)
        if let credential = trunk.incoming {
            let claim = SIPAuthenticator.Claim(
                user: credential.user,
                credential: credential,
                // No user has a blank in its name.
                book: "trunk \(trunk.name)",
                nonces: Limits.sipTrunkNoncesMax
            )
            try authenticator.check(envelope, claim, now: now)
        }
        return .trunk(trunk.name)
    }

    /// How much a request shows of being from the phone that registered under a name.
    private enum PhoneProof {
        case nothing, address, connection
    }

    private func phoneProof(_ user: String, _ envelope: SIPEnvelope, _ packet: SIPPacket) -> PhoneProof {
        var proof = PhoneProof.nothing
        for binding in registrar.bindings(of: user) {
            // Behind a proxy many phones share one connection.
            if let flow = packet.flow, binding.destination.flow == flow, packet.transport.isReliable,
                binding.path.isEmpty, envelope.message.list(.via).count == 1
            {
                return .connection
            }
            if binding.destination.remote.host == packet.remote.host { proof = .address }
        }
        return proof
    }

    /// The trunk that a request comes from by its address, or says to come from by its digest alone.
    private func trunk(of envelope: SIPEnvelope, _ packet: SIPPacket) -> SIPTrunk? {
        let address = SIPAddressRange.address(packet.remote.host) ?? []
        let known = configuration.trunks.filter { trunk in
            trunks[trunk.name]?.isSource(address) == true || trunk.sources.isEmpty && trunk.incoming != nil
        }
        guard known.contains(where: { $0.incoming != nil }), let user = authenticator.claimedUser(envelope),
            let named = known.first(where: { $0.incoming?.user == user })
        else { return known.first { trunks[$0.name]?.isSource(address) == true } ?? known.first }
        return named
    }

    /// Throws when one more call would be too many, over all or on a trunk.
    private mutating func checkRoom(_ trunk: String?, now: Instant) throws(SIPRefusal) {
        guard legs.count < configuration.legsMax, admission.calls.hasRoom(now) else { throw SIPRefusal.overload }
        guard let trunk, let state = trunks[trunk] else { return }
        guard state.hasRoom, trunks[trunk]?.rate?.hasRoom(now) != false else { throw SIPRefusal.overload }
    }
}
