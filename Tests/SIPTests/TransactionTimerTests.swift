import Kernel
import SIP
import Testing

/// The times of RFC 3261 §17, seen from outside.
@Suite struct TransactionTimerTests {
    private func times(of prefix: String, in wire: inout VirtualWire, for seconds: Int64) -> [Int64] {
        let start = wire.now
        var times: [Int64] = []
        var seen = 0
        func note() {
            let texts = wire.texts(from: 0)
            for text in texts[seen...] where text.hasPrefix(prefix) { times.append((wire.now - start).milliseconds) }
            seen = texts.count
        }
        note()
        for _ in 0..<(seconds * 10) {
            wire.run(for: .milliseconds(100))
            note()
        }
        return times
    }

    private func invite(_ transport: SIPTransport, to index: Int = 7) -> SIPCommand {
        let target = SIPInvitation.Target.address(user: "1", VirtualWire.address(index), transport)
        return .invite(SIPLegID(2), SIPInvitation(target: target, from: "2", sdp: sdp("o")))
    }

    @Test("An INVITE to a silent UDP peer is repeated at doubling times, then fails with 408 (timers A and B)")
    func silentPeer() {
        var wire = VirtualWire(seed: 1)
        wire.perform(0, invite(.udp))
        #expect(times(of: "INVITE", in: &wire, for: 40) == [0, 500, 1_500, 3_500, 7_500, 15_500, 31_500])
        #expect(wire.events[0] == [.failed(SIPLegID(2), status: 408, reason: "Request Timeout")])
        #expect(wire.endpoints[0].load == (0, 0))
    }

    @Test("Over TCP nothing is repeated, and silence still ends in 408")
    func silentStream() {
        var wire = VirtualWire(seed: 1)
        wire.perform(0, invite(.tcp))
        #expect(times(of: "INVITE", in: &wire, for: 40) == [0])
        #expect(wire.events[0] == [.failed(SIPLegID(2), status: 408, reason: "Request Timeout")])
    }

    @Test("A final failure is repeated until its ACK comes, at most every 4 s and for 32 s (timers G and H)")
    func failureRepeated() {
        var wire = VirtualWire(seed: 1)
        let outputs = wire.inject(Messages.invite())
        guard case .incomingCall(let call) = outputs.compactMap(\.event).first else {
            Issue.record("no call")
            return
        }
        wire.perform(0, .reject(call.leg, status: 486, reason: nil, headers: []))
        let repeated = times(of: "SIP/2.0 486", in: &wire, for: 40)
        #expect(repeated == [0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500])
        #expect(wire.endpoints[0].load == (0, 0))
    }

    @Test("The ACK of a failure stops its repetition and is never answered")
    func acknowledgedFailure() {
        var wire = VirtualWire(seed: 1)
        let outputs = wire.inject(Messages.invite())
        guard case .incomingCall(let call) = outputs.compactMap(\.event).first else {
            Issue.record("no call")
            return
        }
        wire.perform(0, .reject(call.leg, status: 486, reason: nil, headers: []))
        let to = Messages.header("To", in: wire.texts(from: 0).last ?? "") ?? ""
        let acknowledgement = Messages.request("ACK", "sip:5550100@10.0.0.1", ["To": to])
        #expect(wire.inject(acknowledgement).isEmpty)
        #expect(times(of: "SIP/2.0 486", in: &wire, for: 4) == [0])
        #expect(wire.inject(acknowledgement).isEmpty)
        wire.run(for: .seconds(6))
        #expect(wire.endpoints[0].load == (0, 0))
    }

    @Test("A peer without the branch of RFC 3261 is matched by all the rest")
    func oldPeer() {
        var wire = VirtualWire(seed: 1)
        let via: [String: String?] = ["Via": "SIP/2.0/UDP 192.0.2.9:5070"]
        #expect(wire.inject(Messages.invite(via)).compactMap(\.status) == [100])
        #expect(wire.inject(Messages.invite(via)).compactMap(\.status) == [100])
        #expect(wire.endpoints[0].load.legs == 1)
        let outputs = wire.inject(Messages.request("CANCEL", "sip:5550100@10.0.0.1", via))
        #expect(outputs.compactMap(\.status) == [200, 487])
    }

    @Test("CANCEL and BYE carry their reasons to the owner")
    func reasons() {
        var wire = VirtualWire(seed: 1)
        _ = wire.inject(Messages.invite())
        let reason: [String: String?] = ["Reason": "SIP;cause=200;text=\"Call completed elsewhere\""]
        let outputs = wire.inject(Messages.request("CANCEL", "sip:5550100@10.0.0.1", reason))
        let expected = SIPReason(space: "SIP", cause: 200, text: "Call completed elsewhere")
        #expect(outputs.compactMap(\.event) == [.cancelled(SIPLegID(3), reason: expected)])
    }
}
