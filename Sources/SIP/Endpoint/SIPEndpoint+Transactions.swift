import Kernel

extension SIPEndpoint {
    /// Opens a server transaction for a request.
    mutating func openServer(
        _ envelope: SIPEnvelope,
        _ key: ServerTransactionKey,
        _ packet: SIPPacket,
        tag: UInt64,
        now: Instant
    ) -> UInt64 {
        var tagBytes: [UInt8] = []
        ASCII.appendHex(tag, to: &tagBytes)
        let head = SIPResponseHead(
            message: envelope.message,
            via: envelope.via,
            source: packet.remote,
            toTag: tagBytes[...].text
        )
        lastServer += 1
        servers[lastServer] = ServerTransaction(
            key: key,
            isInvite: key.method == .invite,
            destination: SIPDestination(replyingTo: packet),
            head: head,
            now: now
        )
        serverIndex[key] = lastServer
        return lastServer
    }

    /// Sends a response in a server transaction and returns its bytes; nil when a final one was sent before.
    @discardableResult
    mutating func respond(
        _ serial: UInt64,
        _ refusal: SIPRefusal,
        sdp: [UInt8]? = nil,
        now: Instant,
        fill: (inout SIPWriter) -> Void = { _ in }
    ) -> [UInt8]? {
        guard let transaction = servers[serial], let head = transaction.head else { return nil }
        var writer = head.response(refusal.status, reason: refusal.reason)
        if refusal.status > 100 { writer.header(.server, configuration.product) }
        if refusal.status < 200, transaction.isInvite, let mark = startMark { writer.header(mark) }
        fill(&writer)
        for header in refusal.headers { writer.header(header) }
        let bytes = writer.finish(sdp: sdp)
        servers[serial]?.sent(bytes, status: refusal.status, now: now)
        send(bytes, to: transaction.destination)
        scheduleServer(serial, now: now)
        return bytes
    }

    mutating func scheduleServer(_ serial: UInt64, now: Instant) {
        guard let transaction = servers[serial] else { return }
        var queued = transaction.queued
        deadlines.schedule(.server(serial), at: transaction.deadline, queued: &queued)
        servers[serial]?.queued = queued
    }

    mutating func scheduleClient(_ key: ClientTransactionKey, now: Instant) {
        guard let transaction = clients[key] else { return }
        var queued = transaction.queued
        deadlines.schedule(.client(key), at: transaction.deadline, queued: &queued)
        clients[key]?.queued = queued
    }

    mutating func scheduleLeg(_ id: SIPLegID) {
        guard let leg = legs[id] else { return }
        var queued = leg.queued
        deadlines.schedule(.leg(id), at: earlier(leg.deadline, sideDeadline(id)), queued: &queued)
        legs[id]?.queued = queued
    }

    /// Sends a request in a new client transaction.
    mutating func openClient(
        _ key: ClientTransactionKey,
        _ method: SIPMethod,
        _ bytes: [UInt8],
        to destination: SIPDestination,
        owner: ClientOwner,
        within span: Span = Limits.sipTransactionTime,
        now: Instant
    ) {
        if openLarge(key, method, bytes, to: destination, owner: owner, now: now) { return }
        clients[key] = ClientTransaction(
            key: key,
            method: method,
            destination: destination,
            owner: owner,
            request: bytes,
            within: span,
            now: now
        )
        send(bytes, to: destination)
        scheduleClient(key, now: now)
    }

    /// A deadline came up.
    mutating func due(_ target: SIPTimerTarget, at: Instant, now: Instant) {
        switch target {
        case .server(let serial): serverDue(serial, at: at, now: now)
        case .client(let key): clientDue(key, at: at, now: now)
        case .leg(let id):
            guard legs[id]?.queued == at else { return }
            legs[id]?.queued = nil
            legDue(id, now: now)
            scheduleLeg(id)
        case .binding(let user):
            guard registrar.isQueued(user, at: at) else { return }
            bindingDue(user, now: now)
        case .stream(let flow): streamDue(flow, at: at, now: now)
        case .trunk(let name):
            guard trunks[name]?.queued == at else { return }
            trunks[name]?.queued = nil
            probeTrunk(name, now: now)
        case .registration(let user):
            guard registrations[user]?.queued == at else { return }
            registrations[user]?.queued = nil
            registrationDue(user, now: now)
        }
    }

    private mutating func serverDue(_ serial: UInt64, at: Instant, now: Instant) {
        guard servers[serial]?.queued == at else { return }
        servers[serial]?.queued = nil
        switch servers[serial]?.advance(now: now) ?? .nothing {
        case .nothing: break
        case .send(let bytes):
            if let destination = servers[serial]?.destination { send(bytes, to: destination) }
        case .finished:
            if let id = servers[serial]?.leg, servers[serial]?.state == .proceeding {
                // Hours without an answer: nobody is going to give one.
                respond(serial, SIPRefusal(408), now: now)
                report(.cancelled(id, reason: nil), of: id)
                removeLeg(id)
                return
            }
            removeServer(serial)
        }
        scheduleServer(serial, now: now)
    }

    private mutating func removeServer(_ serial: UInt64) {
        guard let transaction = servers.removeValue(forKey: serial) else { return }
        serverIndex[transaction.key] = nil
        if let merge = transaction.mergeKey, mergeIndex[merge] == serial { mergeIndex[merge] = nil }
    }

    private mutating func clientDue(_ key: ClientTransactionKey, at: Instant, now: Instant) {
        guard clients[key]?.queued == at else { return }
        clients[key]?.queued = nil
        switch clients[key]?.advance(now: now) ?? .nothing {
        case .nothing: break
        case .send(let bytes):
            if let destination = clients[key]?.destination { send(bytes, to: destination) }
        case .finished: clients[key] = nil
        case .timedOut:
            guard let transaction = clients[key] else { break }
            if transaction.state == .calling, fallBack(transaction, now: now) { return }
            if transaction.state == .calling, tryNextHop(transaction, now: now) {
                clients[key]?.abandon(now: now)
            } else {
                clients[key] = nil
                if transaction.state == .calling, transaction.method == .invite { phoneIsSilent(transaction) }
                gaveUp(transaction, status: 408, reason: SIPStatus.phrase(408), now: now)
            }
        }
        scheduleClient(key, now: now)
    }

    /// No final response came in time (RFC 3261 §8.1.3.1: as if 408 had come).
    mutating func gaveUp(_ transaction: ClientTransaction, status: Int, reason: String, now: Instant) {
        switch transaction.owner {
        case .invite(let id):
            report(.failed(id, status: status, reason: reason), of: id)
            removeLeg(id)
        case .reoffer(let id): reofferFailed(id, status: status, now: now)
        case .bye(let id): removeLeg(id)
        case .errand(let id): errandAnswered(id, transaction.key, nil, status, now: now)
        case .registration(let user): registrationFailed(user, status: status, now: now)
        case .probe(let number): probeEnded(number, status: nil, now: now)
        case .nobody: break
        }
    }
}
