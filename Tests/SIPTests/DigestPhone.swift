import Kernel
import SIP

/// A hand-written phone or trunk that answers digest challenges, for tests of what the endpoint demands.
struct DigestPhone {
    var user = "agent1"
    var password = "secret"
    var realm = "tandem"
    var algorithm = SIPDigest.Algorithm.md5

    /// The hash that `ha1` makes of any text with two colons in it.
    private func hash(_ text: String) -> String {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        return SIPDigest.ha1(user: parts[0], realm: parts[1], password: parts[2], algorithm: algorithm)
    }

    /// The secret that the other side keeps.
    var ha1: String { SIPDigest.ha1(user: user, realm: realm, password: password, algorithm: algorithm) }

    /// The nonce of a 401.
    static func nonce(_ reply: String?) -> String {
        let challenge = Messages.header("WWW-Authenticate", in: reply ?? "") ?? ""
        return String(challenge.split(separator: "nonce=\"").last?.prefix { $0 != "\"" } ?? "")
    }

    /// An Authorization header's value.
    func authorization(_ method: String, _ nonce: String, uri: String = "sip:10.0.0.1", count: Int = 1) -> String {
        let counter = String(repeating: "0", count: 8 - String(count).count) + String(count)
        // The hash of "method:uri" has one colon or more in the URI, which is all that `hash` needs.
        let ha2 = hash("\(method):\(uri)")
        let response = hash("\(ha1):\(nonce):\(counter):cn:auth:\(ha2)")
        let name = algorithm == .md5 ? "MD5" : "SHA-256"
        return "Digest username=\"\(user)\", realm=\"\(realm)\", nonce=\"\(nonce)\", uri=\"\(uri)\", "
            + "response=\"\(response)\", algorithm=\(name), qop=auth, nc=\(counter), cnonce=\"cn\""
    }

    /// A REGISTER of the phone.
    func register(_ number: Int, _ changes: [String: String?] = [:]) -> String {
        var all: [String: String?] = [
            "Via": "SIP/2.0/UDP 10.9.9.9:5060;branch=z9hG4bKreg\(user)\(number);rport",
            "From": "<sip:\(user)@10.0.0.1>;tag=p\(number)", "To": "<sip:\(user)@10.0.0.1>", "Call-ID": "reg\(user)",
            "CSeq": "\(number) REGISTER", "Contact": "<sip:\(user)@10.9.9.9:5060>", "Expires": "600",
        ]
        all.merge(changes) { $1 }
        return Messages.request("REGISTER", "sip:10.0.0.1", all)
    }

    /// Registers with the first endpoint of a wire; returns what that sent and told.
    func registerAt(
        _ wire: inout VirtualWire,
        from source: SIPAddress = SIPAddress(host: "192.0.2.9", port: 5_070),
        flow: UInt64? = nil,
        number: Int = 1,
        _ changes: [String: String?] = [:]
    ) -> [SIPOutput] {
        let nonce = DigestPhone.nonce(
            wire.inject(register(number, changes), from: source, flow: flow).compactMap(\.text).first
        )
        var all = changes
        all["Authorization"] = authorization("REGISTER", nonce)
        return wire.inject(register(number + 1, all), from: source, flow: flow)
    }

    /// An INVITE of the phone or trunk.
    func invite(_ number: Int, from: String? = nil, _ changes: [String: String?] = [:]) -> String {
        var all: [String: String?] = [
            "Via": "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKinv\(user)\(number);rport",
            "From": "<sip:\(from ?? user)@10.0.0.1>;tag=c\(number)", "Call-ID": "call\(user)\(number)",
            "CSeq": "\(number) INVITE",
        ]
        all.merge(changes) { $1 }
        return Messages.invite(all)
    }
}

extension [SIPOutput] {
    /// Where the one call in it comes from.
    var origin: SIPOrigin? {
        for case .event(.incomingCall(let call)) in self { return call.origin }
        return nil
    }
}
