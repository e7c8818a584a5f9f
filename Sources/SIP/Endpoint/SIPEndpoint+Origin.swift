import Kernel

extension SIPEndpoint {
    /// A session as a leg sends it: with the leg's own origin, and a version that rises with each change.
    mutating func ownSession(_ id: SIPLegID, _ sdp: [UInt8]) -> [UInt8] {
        guard let leg = legs[id], !sdp.isEmpty else { return sdp }
        let host = advertised(leg.dialog.destination).host
        let tag = leg.dialog.localTag
        let same = withOrigin(sdp, id: tag, version: leg.sentVersion, host: host)
        if same == leg.sentSession { return same }
        let session = withOrigin(sdp, id: tag, version: leg.sentVersion + 1, host: host)
        legs[id]?.sentVersion += 1
        legs[id]?.sentSession = exactly(session)
        return session
    }
}
