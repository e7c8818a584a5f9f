import Kernel
import Logging
import Mesh
import Replication
import SIP
import SiteCore
import Telephony

extension CoreShell {
    /// Takes what happens on the mesh.
    func meshChanged(_ event: MeshEvent) {
        switch event {
        case .linkUp(let peer, let address):
            tools.logger.debug("mesh.connected", metadata: ["peer": "\(peer)", "address": "\(address)"])
            handle(.linkUp(peer))
        case .frame(let peer, _, let body): received(body, from: peer)
        case .writable(let peer, .catchUp), .writable(let peer, .snapshot):
            for frame in requests.take(from: peer) { take(frame, from: peer) }
        case .writable: break  // live ops that found no room are pulled by the peer; presence is told again
        case .linkDown(let peer, let reason):
            requests.drop(peer)
            tools.logger.notice("mesh.closed", metadata: metadata(peer: peer, reason))
            handle(.linkDown(peer))
        case .notReached(let peer, let reason):
            tools.logger.warning("link.not-reached", metadata: metadata(peer: peer, reason))
            if reason.kind == .connectionRefused { handle(.peerAbsent(peer)) }
        case .refused(let peer, let address, let reason):
            var line = metadata(peer: peer, reason)
            line["from"] = "\(peer.map { "\($0)" } ?? address.map { "\($0)" } ?? "unknown")"
            tools.logger.warning("link.refused", metadata: line)
        }
    }

    private func metadata(peer: SiteID?, _ reason: MeshReason) -> Logger.Metadata {
        var line: Logger.Metadata = [
            "kind": "\(reason.kind.rawValue)", "by": reason.isToldByPeer ? "peer" : "here", "reason": "\(reason)",
        ]
        if let peer { line["peer"] = "\(peer)" }
        return line
    }

    /// Hands a frame to the link.
    func send(_ frame: Frame, to peer: SiteID) {
        framesSent[frame.name, default: 0] += 1
        let outcome = mesh?.send(FrameCodec.encode(frame), frame.trafficClass, to: peer)
        if outcome == .full || outcome == .dropped { framesDropped[frame.name, default: 0] += 1 }
        // The core closes the link next; the line that tells of it names this reason.
        if case .refuse(let refusal) = frame { mesh?.dismiss(peer, because: MeshReason(refusal, isToldByPeer: false)) }
    }

    private func received(_ body: [UInt8], from peer: SiteID) {
        let frame: Frame
        do throws(FrameError) {
            frame = try FrameCodec.decode(body)
        } catch {
            tools.logger.error("frame.malformed", metadata: ["peer": "\(peer)", "reason": "\(error)"])
            mesh?.dismiss(peer, because: MeshReason(error))
            return
        }
        switch frame {
        case .unknown: framesIgnored["unknown-kind", default: 0] += 1
        case .ops(let batch) where !batch.bodies.isEmpty && batch.last <= machine.vector[batch.origin]:
            framesIgnored["ops-repeated", default: 0] += 1
        case .refuse(let refusal): mesh?.dismiss(peer, because: MeshReason(refusal, isToldByPeer: true))
        default: break
        }
        take(frame, from: peer)
    }

    /// Gives a frame to the core, unless it asks for more than the line to its sender has room for.
    private func take(_ frame: Frame, from peer: SiteID) {
        if let answer = HeldRequests.answerClass(of: frame), mesh?.hasRoom(for: answer, to: peer) == false {
            requests.hold(frame, from: peer)
        } else {
            handle(.frame(frame, from: peer))
        }
    }

    /// Takes what became of a trunk's name.
    func targetChanged(_ news: SIPTargetWatch.News) {
        switch news {
        case .found(let target, let addresses):
            let line: Logger.Metadata = ["trunk": "\(target.trunk)", "at": "\(addresses.map(\.description))"]
            tools.logger.info("trunk.found", metadata: line)
            if target.transport == .tls { sockets?.expect(target.host, at: addresses, of: target.trunk) }
            handle(.trunkAddresses(target.trunk, addresses))
        case .lost(let target, let reason):
            let line: Logger.Metadata = ["trunk": "\(target.trunk)", "reason": "\(reason)"]
            tools.logger.warning("trunk.not-found", metadata: line)
        }
    }

    /// Takes what happens at the SIP port.
    func sipChanged(_ event: SIPSocketEvent) {
        switch event {
        case .packet(let packet): handle(.sipReceived(packet))
        case .flowClosed(let flow): handle(.sipFlowClosed(flow))
        case .notSent(let packet, let reason):
            // Over TLS it is a certificate as a rule, which only a person can mend.
            tools.logger.log(
                level: packet.transport == .tls ? .warning : .debug,
                "sip.not-sent",
                metadata: ["to": "\(packet.remote)", "reason": "\(reason)"]
            )
            handle(.sipNotSent(packet))
        case .refused(let remote, let transport, let reason):
            let line: Logger.Metadata = ["from": "\(remote)", "by": "\(transport)", "reason": "\(reason)"]
            tools.logger.debug("sip.refused", metadata: line)
        }
    }
}
