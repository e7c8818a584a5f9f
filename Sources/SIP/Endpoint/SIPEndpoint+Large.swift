import Kernel

/// Requests that are too large for one datagram go by TCP (RFC 3261 §18.1.1), by UDP when the peer does not take it.
///
/// Only the one transaction changes its way; the call, its Contact and what follows stay with UDP.
extension SIPEndpoint {
    /// Opens a client transaction by TCP for a request that is too large for UDP; false when it goes the usual way.
    mutating func openLarge(
        _ key: ClientTransactionKey,
        _ method: SIPMethod,
        _ bytes: [UInt8],
        to destination: SIPDestination,
        owner: ClientOwner,
        now: Instant
    ) -> Bool {
        guard destination.transport == .udp, bytes.count > Limits.sipDatagramBytesMax,
            configuration.advertised[.tcp] != nil || configuration.advertisedV6[.tcp] != nil,
            // The way to a phone that registered over UDP is the one that its own packets opened.
            owner.leg.flatMap({ legs[$0]?.user }) == nil,
            peersWithoutTCP[destination.remote].map({ $0 <= now }) ?? true
        else { return false }
        var way = destination
        way.transport = .tcp
        guard let request = withVia(viaText(key, way), bytes) else { return false }
        clients[key] = ClientTransaction(
            key: key,
            method: method,
            destination: way,
            owner: owner,
            request: request,
            within: Limits.sipLargeTime,
            now: now
        )
        clients[key]?.isTooLarge(for: bytes)
        send(request, to: way)
        scheduleClient(key, now: now)
        return true
    }

    /// Sends a large request by UDP after all when nothing was heard of it; false for others.
    ///
    /// It keeps its branch: a peer that took it from a connection and was slow sees a copy.
    mutating func fallBack(_ transaction: ClientTransaction, now: Instant) -> Bool {
        guard !transaction.datagram.isEmpty else { return false }
        if transaction.isCancelWanted {
            // Nobody wants it any more: a late answer is waited for, no second INVITE is sent.
            clients[transaction.key]?.waitOn(now: now)
            scheduleClient(transaction.key, now: now)
            return true
        }
        let way = transaction.usualWay
        if peersWithoutTCP.count >= Limits.sipPeersWithoutTCPMax { peersWithoutTCP = [:] }
        peersWithoutTCP[way.remote] = now + Limits.sipWithoutTCPTime
        var span = Limits.sipTransactionTime
        if case .invite(let id) = transaction.owner { span = patience(id, now: now) }
        var next = ClientTransaction(
            key: transaction.key,
            method: transaction.method,
            destination: way,
            owner: transaction.owner,
            request: transaction.datagram,
            within: span,
            now: now
        )
        next.challenges = transaction.challenges
        // The entry of the deadline queue goes on to serve.
        next.queued = transaction.queued
        clients[transaction.key] = next
        send(transaction.datagram, to: way)
        scheduleClient(transaction.key, now: now)
        return true
    }

    /// A request with another Via; nil when it cannot be read.
    private func withVia(_ via: String, _ bytes: [UInt8]) -> [UInt8]? {
        guard let message = try? SIPMessage(parsing: bytes), case .request(let method, let uri) = message.start
        else { return nil }
        var writer = SIPWriter(request: method, uri: uri)
        writer.header(.via, via)
        for header in message.headers {
            switch header.name {
            case .via, .contentType, .contentLength: continue
            default: writer.copy(header)
            }
        }
        return writer.finish(type: message.first(.contentType)?.text ?? "", body: Array(message.body))
    }
}
