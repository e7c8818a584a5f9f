import Kernel
import Transport

// The life of a link: made by either end, judged, up, gone.

extension MeshNode {
    /// Somebody connected.
    func accept(_ tcp: TCPConnection) {
        guard !isClosed, arriving.count < Limits.meshHandshakesMax else {
            tcp.close()
            return
        }
        begin(over: tcp, dialled: nil)
    }

    /// A peer answered the dialer.
    func dialled(_ tcp: TCPConnection, _ peer: MeshPeer) {
        begin(over: tcp, dialled: peer.site)
    }

    /// A peer could not be dialled, or ended the link before it was up.
    func notReached(_ site: SiteID, _ reason: MeshReason) {
        tally.add(reason)
        guard peers[site] != nil, peers[site]?.reason != reason else { return }
        peers[site]?.reason = reason
        report(.notReached(site, reason: reason))
    }

    private func begin(over tcp: TCPConnection, dialled: SiteID?) {
        do throws(TransportError) {
            let connection = try TLSConnection(over: tcp, context, role: dialled == nil ? .server : .client)
            let link = try MeshLink(connection, dialled: dialled, idleTimeout: configuration.idleTimeout)
            arriving[ObjectIdentifier(link)] = link
            link.judge = { [weak self] identity in
                guard let self else { return MeshReason(.closed, "The site is stopping.") }
                return judge(identity, dialled: dialled)
            }
            link.onUp = { [weak self, unowned link] in self?.linkIsUp(link) }
            link.onClose = { [weak self, unowned link] in self?.linkEndedEarly(link, $0) }
        } catch {
            tcp.close(because: error)
            tally.add(MeshReason(error))
            if let dialled { peers[dialled]?.dialer?.linkEnded(after: nil) }
        }
    }

    /// Why the other end is not welcome; nil when it is.
    private func judge(_ identity: TLSIdentity, dialled: SiteID?) -> MeshReason? {
        let other = identity.site
        if isClosed { return MeshReason(.closed, "The site is stopping.") }
        if revoked.contains(identity.serial) { return revocation(of: identity) }
        if let dialled, dialled != other {
            return MeshReason(.otherSite, "\(dialled) was dialled, and the certificate there is that of \(other).")
        }
        if other == site {
            return MeshReason(.ownCertificate, "The certificate is that of \(site), which is this site itself.")
        }
        guard let peer = peers[other] else {
            return MeshReason(.notConfigured, "\(other) is not among the peers configured at \(site).")
        }
        if peer.isCut { return MeshReason(.cut, "The link is cut at \(site) by an administrator.") }
        if dialled == nil, other > site {
            return MeshReason(.wrongDirection, "\(site) dials \(other), not the other way round.")
        }
        return nil
    }

    private func linkIsUp(_ link: MeshLink) {
        guard let other = link.site, !isClosed else { return }
        arriving[ObjectIdentifier(link)] = nil
        // The other end dials again only when it has lost the old link: the new one is the live one.
        if let old = peers[other]?.link {
            let reason = MeshReason(.replaced, "The other end made a new link.")
            linkEnded(old, other, reason)
            old.close(reason)
        }
        let now = SystemClock.now
        peers[other]?.link = link
        peers[other]?.since = now
        peers[other]?.reason = nil
        link.onFrame = { [weak self] in self?.report(.frame(other, $0, $1)) }
        link.onWritable = { [weak self] in self?.report(.writable(other, $0)) }
        link.onClose = { [weak self, unowned link] in self?.linkEnded(link, other, $0) }
        let address = link.connection.tcp.remoteAddress ?? .loopback(port: 0)
        report(.linkUp(other, address))
    }

    /// A link that was up is gone.
    private func linkEnded(_ link: MeshLink, _ other: SiteID, _ reason: MeshReason) {
        guard let peer = peers[other], peer.link === link else { return }
        tally.add(reason)
        let now = SystemClock.now
        peers[other]?.link = nil
        peers[other]?.since = now
        peers[other]?.reason = reason
        report(.linkDown(other, reason: reason))
        peers[other]?.dialer?.linkEnded(after: now.instant - peer.since.instant)
    }

    /// A link is gone before it was up.
    private func linkEndedEarly(_ link: MeshLink, _ reason: MeshReason) {
        arriving[ObjectIdentifier(link)] = nil
        if let dialled = link.dialled {
            guard peers[dialled]?.isCut == false else { return }
            notReached(dialled, reason)
            peers[dialled]?.dialer?.linkEnded(after: nil)
            return
        }
        let now = SystemClock.instant
        if let site = link.site, peers[site]?.isCut == true { return }
        tally.add(reason)
        if let last = lastRefusal, last.site == link.site, last.reason == reason,
            now - last.at < Limits.meshRefusalQuiet
        {
            return
        }
        lastRefusal = (link.site, reason, now)
        report(.refused(link.site, link.connection.tcp.remoteAddress, reason: reason))
    }
}
