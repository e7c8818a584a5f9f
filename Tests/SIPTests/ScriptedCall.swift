import Kernel
import SIP

/// A call between endpoint 0 and a phone of another make, whose every message the test writes.
struct ScriptedCall {
    var wire = VirtualWire(seed: 1)
    /// The leg of endpoint 0.
    let leg: SIPLegID
    /// What the endpoint sent and reported when the phone's INVITE came.
    let first: [SIPOutput]
    private var ourParty = ""
    private var number = 7
    private let isCalling: Bool
    private var callID = "call-1@192.0.2.9"

    /// The phone calls.
    init(_ changes: [String: String?] = [:], offer: String = "v=0\r\n") {
        isCalling = true
        leg = SIPLegID(3)
        var headers = changes
        if !offer.isEmpty { headers["Content-Type"] = .some("application/sdp") }
        first = wire.inject(Messages.request("INVITE", "sip:5550100@10.0.0.1", headers, body: offer))
    }

    /// The phone is called.
    init(calling invitation: SIPInvitation) {
        isCalling = false
        leg = SIPLegID(2)
        first = []
        wire.perform(0, .invite(leg, invitation))
        callID = Messages.header("Call-ID", in: last) ?? ""
        ourParty = Messages.header("From", in: last) ?? ""
    }

    /// An invitation to the phone.
    static func invitation(sdp offer: [UInt8]? = sdp("offer")) -> SIPInvitation {
        let phone = SIPAddress(host: "192.0.2.9", port: 5_070)
        return SIPInvitation(target: .address(user: "me", phone, .udp), from: "+4930", sdp: offer)
    }

    /// The last message that endpoint 0 sent of itself.
    var last: String { wire.texts(from: 0).last ?? "" }

    /// What endpoint 0 sent with this start.
    func sent(_ start: String) -> [String] {
        wire.texts(from: 0).filter { $0.hasPrefix(start) }
    }

    /// The endpoint answers the phone, and the phone acknowledges.
    mutating func answer(sdp answer: [UInt8] = sdp("answer")) {
        wire.perform(0, .answer(leg, sdp: answer))
        _ = send("ACK", ["CSeq": "7 ACK"])
    }

    /// The phone answers the endpoint's INVITE; nil tags make provisional responses of nobody.
    mutating func reply(
        _ status: Int,
        to request: String? = nil,
        _ headers: [String: String?] = [:],
        tag: String? = "phone1",
        body: String = ""
    ) -> [SIPOutput] {
        let request = request ?? sent("INVITE").last ?? ""
        var text = "SIP/2.0 \(status) Whatever\r\n"
        for name in ["Via", "From", "Call-ID", "CSeq"] {
            text += "\(name): \(Messages.header(name, in: request) ?? "")\r\n"
        }
        let to = Messages.header("To", in: request) ?? ""
        text += "To: \(to)\(tag.map { to.contains(";tag=") ? "" : ";tag=\($0)" } ?? "")\r\n"
        var all = headers
        all["Contact"] = all["Contact"] ?? .some("<sip:me@192.0.2.9:5070>")
        if !body.isEmpty { all["Content-Type"] = .some("application/sdp") }
        for (name, value) in all.sorted(by: { $0.key < $1.key }) {
            if let value { text += "\(name): \(value)\r\n" }
        }
        return deliver(text + "Content-Length: \(body.utf8.count)\r\n\r\n" + body)
    }

    /// The phone sends a request within the call.
    mutating func send(
        _ method: String,
        _ changes: [String: String?] = [:],
        body: String = "",
        tag: String = "phone1"
    ) -> [SIPOutput] {
        number += 1
        if isCalling, ourParty.isEmpty {
            let replies = (first.compactMap(\.text) + wire.texts(from: 0)).filter { $0.hasPrefix("SIP/2.0") }
            ourParty = replies.compactMap { Messages.header("To", in: $0) }.first { $0.contains(";tag=") } ?? ""
        }
        var headers: [String: String?] = [
            "Via": "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK\(method)\(number);rport", "CSeq": "\(number) \(method)",
            "To": ourParty, "Call-ID": callID,
        ]
        if !isCalling { headers["From"] = .some("<sip:me@192.0.2.9:5070>;tag=\(tag)") }
        if !body.isEmpty { headers["Content-Type"] = .some("application/sdp") }
        headers.merge(changes) { _, changed in changed }
        return deliver(Messages.request(method, "sip:5550100@10.0.0.1", headers, body: body))
    }

    private mutating func deliver(_ text: String) -> [SIPOutput] {
        let outputs = wire.inject(text)
        for case .send(let packet) in outputs { wire.sent.append((0, packet)) }
        return outputs
    }
}
