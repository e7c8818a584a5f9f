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
        case .writable: break  // the replicator reads on when the peer asks; nothing waits here
        case .linkDown(let peer, let reason):
            tools.logger.notice("mesh.closed", metadata: ["peer": "\(peer)", "reason": "\(reason)"])
            handle(.linkDown(peer))
        case .notReached(let peer, let reason):
            tools.logger.warning("link.not-reached", metadata: ["peer": "\(peer)", "reason": "\(reason)"])
        case .refused(let peer, let address, let reason):
            let from = peer.map { "\($0)" } ?? address.map { "\($0)" } ?? "unknown"
            tools.logger.warning("link.refused", metadata: ["from": "\(from)", "reason": "\(reason)"])
        }
    }

    private func received(_ body: [UInt8], from peer: SiteID) {
        do throws(FrameError) {
            handle(.frame(try FrameCodec.decode(body), from: peer))
        } catch {
            tools.logger.error("frame.malformed", metadata: ["peer": "\(peer)", "reason": "\(error)"])
            mesh?.dismiss(peer, reason: "A frame could not be read: \(error)")
        }
    }

    /// Takes what happens at the SIP port.
    func sipChanged(_ event: SIPSocketEvent) {
        switch event {
        case .packet(let packet): handle(.sipReceived(packet))
        case .flowClosed(let flow): handle(.sipFlowClosed(flow))
        case .notSent(let packet, let reason):
            tools.logger.debug("sip.not-sent", metadata: ["to": "\(packet.remote)", "reason": "\(reason)"])
        }
    }
}
