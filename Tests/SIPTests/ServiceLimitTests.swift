import Kernel
import SIP
import Testing

@Suite struct ServiceLimitTests {
    private let phone = DigestPhone(user: "caller")

    private func wire(_ change: @escaping (inout SIPConfiguration) -> Void) -> VirtualWire {
        VirtualWire(seed: 1) { _, configuration in change(&configuration) }
    }

    private func address(_ last: Int) -> SIPAddress {
        SIPAddress(host: "192.0.2.\(last)", port: 5_060)
    }

    @Test("Calls above the rate hear 503 with Retry-After, keep nothing, and are let in again as time goes on")
    func callRate() {
        var wire = wire { $0.callsPerSecondMax = 10 }
        // Two callers, so that neither meets the bound of its own.
        let statuses = (0..<14).flatMap { number in
            wire.inject(phone.invite(number), from: address(1 + number % 2)).compactMap(\.status)
        }
        #expect(statuses == Array(repeating: 100, count: 10) + Array(repeating: 503, count: 4))
        let refused = wire.inject(phone.invite(50), from: address(3)).first?.text ?? ""
        #expect(Messages.header("Retry-After", in: refused) == "5")
        #expect(wire.endpoints[0].load.legs == 10)
        wire.now = wire.now + .milliseconds(200)
        let later = (60..<63).flatMap { wire.inject(phone.invite($0), from: address(4)).compactMap(\.status) }
        #expect(later == [100, 100, 503])
    }

    @Test("More legs than allowed are refused, and room comes back when calls end")
    func legs() {
        var wire = wire { $0.legsMax = 2 }
        var calls: [SIPLegID] = []
        for number in 0..<3 {
            let outputs = wire.inject(phone.invite(number))
            for case .event(.incomingCall(let call)) in outputs { calls.append(call.leg) }
            #expect(outputs.compactMap(\.status) == [number < 2 ? 100 : 503])
        }
        wire.perform(0, .reject(calls[0], status: 486, reason: nil, headers: []))
        #expect(wire.inject(phone.invite(9)).compactMap(\.status) == [100])
    }

    @Test("One address that floods leaves room for others, over its bound not even a hash is computed for it")
    func sourceBound() {
        var wire = wire { configuration in
            configuration.callsPerSecondMax = 100
        }
        var answers: [Int: Int] = [:]
        for number in 0..<1_000 {
            for status in wire.inject(phone.invite(number), from: address(1)).compactMap(\.status) {
                answers[status, default: 0] += 1
            }
        }
        #expect(answers == [100: 75, 503: 925])
        #expect(wire.inject(phone.invite(2_000), from: address(2)).compactMap(\.status) == [100])
        // REGISTER and OPTIONS of the flooder meet the same bound.
        let register = wire.inject(phone.register(1), from: address(1))
        #expect(register.compactMap(\.status) == [503])
        #expect(Messages.header("Retry-After", in: register.first?.text ?? "") == "5")
        let options = Messages.request("OPTIONS", "sip:10.0.0.1")
        #expect(wire.inject(options, from: address(1)).compactMap(\.status) == [503])
        #expect(wire.inject(options, from: address(2)).compactMap(\.status) == [200])
    }

    @Test("A network of IPv6 counts as one address")
    func network() {
        var wire = wire { $0.callsPerSecondMax = 4 }
        let statuses = (0..<6).flatMap { number in
            let source = SIPAddress(host: "2001:db8:0:1::\(number)", port: 5_060)
            return wire.inject(phone.invite(number), from: source).compactMap(\.status)
        }
        #expect(statuses == [100, 100, 100, 503, 503, 503])
        let other = SIPAddress(host: "2001:db8:0:2::1", port: 5_060)
        #expect(wire.inject(phone.invite(9), from: other).compactMap(\.status) == [100])
    }

    @Test("REGISTERs from many addresses are bounded together")
    func registerFlood() {
        var wire = wire { _ in }
        var answers: [Int: Int] = [:]
        for number in 0..<(Limits.sipRegistersPerSecondMax + 100) {
            let source = SIPAddress(host: "10.1.\(number / 250).\(number % 250)", port: 5_060)
            for status in wire.inject(phone.register(number), from: source).compactMap(\.status) {
                answers[status, default: 0] += 1
            }
        }
        #expect(answers == [401: Limits.sipRegistersPerSecondMax, 503: 100])
        #expect(wire.endpoints[0].load == (0, 0))
    }

    @Test("A trunk has bounds of its own, and is free of a stranger's")
    func trunkBounds() {
        var wire = wire { configuration in
            let source = ["192.0.2.1", "192.0.2.2"].map { SIPAddressRange($0) }
            configuration.trunks = [
                SIPTrunk(name: "slow", sources: [source[0]].compactMap { $0 }, callsPerSecondMax: 3),
                SIPTrunk(name: "narrow", sources: [source[1]].compactMap { $0 }, callsMax: 2),
            ]
        }
        let slow = (0..<5).flatMap { wire.inject(phone.invite($0), from: address(1)).compactMap(\.status) }
        #expect(slow == [100, 100, 100, 503, 503])
        wire.now = wire.now + .seconds(5)
        let narrow = (10..<14).flatMap { wire.inject(phone.invite($0), from: address(2)).compactMap(\.status) }
        #expect(narrow == [100, 100, 503, 503])
        let options = Messages.request("OPTIONS", "sip:10.0.0.1")
        let asked = (0...Limits.sipSourceRequestsMax).flatMap { _ in
            wire.inject(options, from: address(1)).compactMap(\.status)
        }
        #expect(asked.allSatisfy { $0 == 200 })
    }
}
