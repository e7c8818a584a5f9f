import Kernel

extension SIPEndpoint {
    /// Serves REGISTER: refusals keep nothing, success opens a transaction, for a copy would else count as replay.
    mutating func receiveRegister(
        _ envelope: SIPEnvelope,
        _ key: ServerTransactionKey,
        _ packet: SIPPacket,
        now: Instant
    ) {
        let user: String
        let isRegistered: Bool
        let before = registrar.bindings(of: SIPEndpoint.userOfTo(envelope)).isEmpty
        do {
            user = try registrar.authenticate(envelope, now: now)
            isRegistered = try registrar.apply(
                envelope,
                user: user,
                source: SIPDestination(replyingTo: packet),
                now: now
            )
        } catch {
            refuse(envelope, packet, error)
            return
        }
        let bindings = registrar.bindings(of: user)
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
        }
        scheduleBinding(user)
        followPhone(of: user, to: SIPDestination(replyingTo: packet))
        if isRegistered, let newest = registrar.newestBinding(of: user) {
            let contact = newest.uri[...].text
            outputs.append(.event(.registered(user: user, contact: contact, expiresAt: newest.expiresAt)))
        } else if !isRegistered, !before {
            outputs.append(.event(.unregistered(user: user)))
        }
    }

    private static func userOfTo(_ envelope: SIPEnvelope) -> String {
        (try? SIPURI(envelope.to.uri))?.userText ?? ""
    }

    mutating func scheduleBinding(_ user: String) {
        registrar.schedule(user, in: &deadlines)
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
