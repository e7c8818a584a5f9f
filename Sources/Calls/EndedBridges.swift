import ContactCenter
import Kernel

/// How recent bridges ended, for a peer that was cut off meanwhile; bounded, the oldest forgotten first.
struct EndedBridges: Hashable, Sendable {
    /// Who ended a bridge, and why.
    struct Ending: Hashable, Sendable {
        var by: EndedBy
        var reason: String
    }

    private var endings: [BridgeID: Ending] = [:]
    private var ring: [BridgeID] = []
    private var oldest = 0

    subscript(bridge: BridgeID) -> Ending? { endings[bridge] }

    /// Keeps the first ending that it hears of for a bridge.
    mutating func remember(_ bridge: BridgeID, by: EndedBy, reason: String) {
        guard endings[bridge] == nil else { return }
        endings[bridge] = Ending(by: by, reason: reason)
        if ring.count < Limits.callEndedRemembered {
            ring.append(bridge)
        } else {
            endings[ring[oldest]] = nil
            ring[oldest] = bridge
            oldest = (oldest + 1) % ring.count
        }
    }
}
