import Kernel
import SIP
import TestKit
import Testing

/// Valid messages changed at random: nothing crashes, nothing stays, and no answer goes anywhere but to the sender.
@Suite struct TortureMutationTests {
    private static let sources = (0..<4).map { SIPAddress(host: "192.0.2.\($0 + 1)", port: 5_070) }

    /// Hostile changes to bytes, drawn from a seed.
    private struct Mutator {
        var random: SeededRandom

        mutating func below(_ limit: Int) -> Int {
            Int(random.next() % UInt64(max(limit, 1)))
        }

        mutating func change(_ bytes: inout [UInt8]) {
            switch below(7) {
            case 0: bytes[below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes[below(bytes.count)] ^= 1 << UInt8(below(8))
            case 2: bytes.removeLast(below(bytes.count))
            case 3:
                let start = below(bytes.count)
                bytes.removeSubrange(start..<min(bytes.count, start + 1 + below(12)))
            case 4: repeatLine(in: &bytes)
            case 5: growNumber(in: &bytes)
            default:
                let mark = Array(
                    [",", ";", "<", ">", "\"", "\\", "%00", "\r\n ", "\r\n", "\0", "🜁", "@", ":", "["][below(14)].utf8
                )
                bytes.insert(contentsOf: mark, at: below(bytes.count + 1))
            }
            if bytes.isEmpty { bytes = [13] }
        }

        private mutating func repeatLine(in bytes: inout [UInt8]) {
            var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
            let line = lines[below(lines.count)]
            for _ in 0...below(300) { lines.insert(line, at: 1 + below(lines.count - 1)) }
            bytes = Array(lines.joined(separator: [10]))
        }

        private mutating func growNumber(in bytes: inout [UInt8]) {
            let digits = bytes.indices.filter { (48...57).contains(bytes[$0]) }
            guard !digits.isEmpty else { return }
            let giants = [
                "4294967296", "2147483648", "9223372036854775808", "-1", times(400, "9"), "0", times(90, "0"),
            ]
            let giant = Array(giants[below(giants.count)].utf8)
            bytes.insert(contentsOf: giant, at: digits[below(digits.count)])
        }
    }

    private func at(_ milliseconds: Int64) -> Moment {
        Moment(
            instant: Instant(milliseconds: 1_000 + milliseconds),
            wall: WallTime(milliseconds: 1_700_000_000_000 + milliseconds)
        )
    }

    /// What a carrier and a phone send, within a call and without; `call` makes each of them its own.
    private func originals(_ call: Int, to: String) -> [[UInt8]] {
        func within(_ method: String, _ number: Int, body: String = "") -> String {
            Messages.request(
                method,
                "sip:1@10.0.0.1",
                [
                    "Call-ID": "call-\(call)", "To": to, "CSeq": "\(number) \(method)",
                    "Via": "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK\(method)\(number)c\(call);rport",
                    "Content-Type": body.isEmpty ? nil : "application/sdp",
                ],
                body: body
            )
        }
        let own = TortureCase.all[call % TortureCase.all.count].bytes
        let texts = [
            within("INVITE", 7, body: "v=0\r\n"), within("INVITE", 7, body: "v=0\r\n"), within("ACK", 7),
            within("CANCEL", 7),
            within("INFO", 8), within("UPDATE", 9, body: "v=0\r\n"), within("BYE", 10), within("PRACK", 11),
            within("REFER", 12), within("NOTIFY", 13), within("OPTIONS", 14),
            Messages.request(
                "REGISTER",
                "sip:10.0.0.1",
                [
                    "Expires": "60",
                    "Authorization": "Digest username=\"a\", nonce=\"b\", realm=\"tandem\", response=\"c\"",
                ]
            ),
            "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK0011223344556677\r\nFrom: <sip:a@b>;tag=1\r\n"
                + "To: <sip:b@b>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContact: <sip:a@b>\r\n\r\n",
        ]
        return texts.map { Array($0.utf8) } + [own]
    }

    /// Does about an event what an owner might.
    private func react(_ endpoint: inout SIPEndpoint, _ event: SIPEvent, _ choice: Int, _ now: Moment) -> [SIPOutput] {
        switch (event, choice) {
        case (.incomingCall(let call), 0):
            return endpoint.perform(.reject(call.leg, status: 486, reason: nil, headers: []), now: now)
        case (.incomingCall(let call), 1): return endpoint.perform(.ring(call.leg, status: 180, sdp: nil), now: now)
        case (.incomingCall(let call), _): return endpoint.perform(.answer(call.leg, sdp: sdp("a")), now: now)
        case (.reoffered(let leg, _), 0): return endpoint.perform(.rejectReoffer(leg, status: 488), now: now)
        case (.reoffered(let leg, _), _): return endpoint.perform(.answerReoffer(leg, sdp: sdp("b")), now: now)
        default: return []
        }
    }

    /// Answers go to those who asked, whatever the message said; only our own requests follow a call's Contact.
    private func check(_ outputs: [SIPOutput], heard: Set<SIPAddress>) {
        for case .send(let sent) in outputs {
            guard let message = try? SIPMessage(parsing: sent.bytes) else {
                #expect(sent.bytes == [13, 10], "neither a message nor a pong")
                continue
            }
            if message.status != nil { #expect(heard.contains(sent.remote)) }
        }
    }

    private func leg(of event: SIPEvent) -> SIPLegID? {
        if case .incomingCall(let call) = event { call.leg } else { nil }
    }

    @Test("Mutated messages in datagrams and streams bring nothing down and leave nothing", arguments: Seeds.first(30))
    func mutated(seed: UInt64) {
        var mutator = Mutator(random: SeededRandom(seed: seed))
        let address = VirtualWire.address(0)
        let configuration = SIPConfiguration(advertised: [.udp: address, .tcp: address], secret: [1, 2, 3])
        var endpoint = SIPEndpoint(configuration, random: SeededRandom(seed: seed))
        var calls: Set<SIPLegID> = []
        var heard: Set<SIPAddress> = []
        var to = "<sip:1@10.0.0.1>"
        var time: Int64 = 0
        for step in 0..<400 {
            var originals = originals(step / 12, to: mutator.below(2) == 0 ? to : "<sip:1@10.0.0.1>")
            var bytes = originals.remove(at: mutator.below(originals.count))
            for _ in 0..<mutator.below(4) { mutator.change(&bytes) }
            let source = Self.sources[step / 12 % Self.sources.count]
            let flow = mutator.below(3) == 0 ? UInt64(1 + step / 12) : nil
            let packet = SIPPacket(transport: flow == nil ? .udp : .tcp, remote: source, flow: flow, bytes: bytes)
            time += Int64(mutator.below(200))
            var outputs = endpoint.receive(packet, now: at(time))
            heard.insert(source)
            check(outputs, heard: heard)
            for event in outputs.compactMap(\.event) {
                if let leg = leg(of: event) { calls.insert(leg) }
                outputs += react(&endpoint, event, mutator.below(3), at(time))
            }
            outputs += endpoint.advance(now: at(time))
            for text in outputs.compactMap(\.text) where text.hasPrefix("SIP/2.0 200") && text.contains("7 INVITE") {
                to = Messages.header("To", in: text) ?? to
            }
        }
        for flow in UInt64(1)...34 { _ = endpoint.flowClosed(flow, now: at(time)) }
        for leg in calls.sorted() {
            _ = endpoint.perform(.reject(leg, status: 480, reason: nil, headers: []), now: at(time))
            _ = endpoint.perform(.hangUp(leg, reason: nil), now: at(time))
        }
        var bound = 1_000
        while let next = endpoint.nextDeadline, bound > 0, endpoint.load != (0, 0) {
            _ = endpoint.advance(now: at(next.milliseconds - 1_000))
            bound -= 1
        }
        #expect(endpoint.load == (0, 0))
    }
}
