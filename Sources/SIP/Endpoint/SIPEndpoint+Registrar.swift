import Kernel

extension SIPEndpoint {
    /// Serves REGISTER: refusals keep nothing, success opens a transaction, for a copy would else count as replay.
    mutating func receiveRegister(
        _ envelope: SIPEnvelope,
        _ key: ServerTransactionKey,
        _ packet: SIPPacket,
        now: Instant
    ) {
        let user = (try? SIPURI(envelope.to.uri))?.userText ?? ""
        let source = SIPDestination(replyingTo: packet)
        let hadPhone = !registrar.bindings(of: user).isEmpty
        let wasReachable = registrar.isReachable(user)
        do throws(SIPRefusal) {
            guard !user.isEmpty else { throw SIPRefusal(404) }
            guard admission.registers.take(now) else { throw SIPRefusal.overload }
            try authenticator.check(envelope, registrar.claim(user), now: now)
            try registrar.apply(envelope, user: user, source: source, now: now)
        } catch {
            refuse(envelope, packet, error)
            return
        }
        acceptRegister(envelope, key, packet, user: user, now: now)
        planProbes(user, now: now)
        scheduleBinding(user)
        followPhone(of: user, to: source)
        if registrar.isReachable(user), let newest = registrar.newestBinding(of: user) {
            let contact = newest.uri[...].text
            outputs.append(.event(.registered(user: user, contact: contact, expiresAt: newest.expiresAt)))
        } else if wasReachable, hadPhone {
            outputs.append(.event(.unregistered(user: user)))
        }
    }

    private mutating func acceptRegister(
        _ envelope: SIPEnvelope,
        _ key: ServerTransactionKey,
        _ packet: SIPPacket,
        user: String,
        now: Instant
    ) {
        let bindings = registrar.bindings(of: user)
        let isPathSupported = envelope.message.list(.supported).contains { $0.matches("path") }
        let path = isPathSupported ? envelope.message.list(.path) : []
        let serial = openServer(envelope, key, packet, tag: identifiers.next(), now: now)
        respond(serial, SIPRefusal(200), now: now) { writer in
            for binding in bindings {
                let seconds = max(0, (binding.expiresAt - now).milliseconds / 1_000)
                writer.start(.contact)
                writer.append("<")
                writer.append(binding.uri)
                writer.append(">;expires=\(seconds)")
                writer.endLine()
            }
            // RFC 3327 §5.3: the phone sees which way calls will come.
            for value in path { writer.header(.path, value) }
            if isPathSupported { writer.header(.supported, "path") }
        }
    }

    mutating func scheduleBinding(_ user: String) {
        registrar.schedule(user, in: &deadlines)
    }

    /// A binding expires, or its phone has to be asked.
    mutating func bindingDue(_ user: String, now: Instant) {
        let wasReachable = registrar.isReachable(user)
        registrar.expire(user, now: now)
        probePhones(of: user, now: now)
        reportReachability(user, before: wasReachable)
        scheduleBinding(user)
    }

    /// Tells the owner when a user's last phone is gone, or the first one is back.
    mutating func reportReachability(_ user: String, before wasReachable: Bool) {
        let isReachable = registrar.isReachable(user)
        guard isReachable != wasReachable else { return }
        guard isReachable, let newest = registrar.newestBinding(of: user) else {
            outputs.append(.event(.unregistered(user: user)))
            return
        }
        let contact = newest.uri[...].text
        outputs.append(.event(.registered(user: user, contact: contact, expiresAt: newest.expiresAt)))
    }

    /// Calls of a phone whose connection broke go on over the one that it has now.
    private mutating func followPhone(of user: String, to destination: SIPDestination) {
        guard destination.flow != nil else { return }
        for id in waitingForPhone[user] ?? [] where legs[id]?.graceUntil != nil {
            pin(id, to: destination)
        }
        waitingForPhone[user] = nil
    }
}
