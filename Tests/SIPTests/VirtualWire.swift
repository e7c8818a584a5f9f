import Kernel
import SIP

/// Endpoints joined by a wire that loses, delays, reorders and doubles datagrams as its seed says.
struct VirtualWire {
    var endpoints: [SIPEndpoint] = []
    var now = Instant(milliseconds: 1_000)
    var random: SeededRandom
    var lossPercent: UInt64 = 0
    var doublePercent: UInt64 = 0
    /// What each endpoint reported.
    var events: [[SIPEvent]] = []
    /// What the owners do about it.
    var react: (inout VirtualWire, Int, SIPEvent) -> Void = { _, _, _ in }
    /// Every packet that was sent, lost or not, with its sender.
    var sent: [(from: Int, packet: SIPPacket)] = []
    private var flying: [(at: Instant, sequence: Int, to: Int, packet: SIPPacket)] = []
    private var commands: [(at: Instant, sequence: Int, on: Int, command: SIPCommand)] = []
    private var sequence = 0

    init(
        seed: UInt64,
        endpoints count: Int = 2,
        configure: (Int, inout SIPConfiguration) -> Void = { _, _ in }
    ) {
        random = SeededRandom(seed: seed)
        for index in 0..<count {
            let address = VirtualWire.address(index)
            var configuration = SIPConfiguration(
                advertised: [.udp: address, .tcp: address],
                secret: Array("secret of endpoint \(index)".utf8)
            )
            configure(index, &configuration)
            endpoints.append(SIPEndpoint(configuration, random: random.split()))
            events.append([])
        }
    }

    static func address(_ index: Int) -> SIPAddress {
        SIPAddress(host: "10.0.0.\(index + 1)", port: 5_060)
    }

    var moment: Moment {
        Moment(instant: now, wall: WallTime(milliseconds: 1_700_000_000_000 + now.milliseconds))
    }

    /// Gives a command now.
    mutating func perform(_ index: Int, _ command: SIPCommand) {
        let at = moment
        take(index, endpoints[index].perform(command, now: at))
    }

    /// Gives a command later.
    mutating func later(_ milliseconds: Int64, _ index: Int, _ command: SIPCommand) {
        sequence += 1
        commands.append((now + .milliseconds(milliseconds), sequence, index, command))
    }

    /// Hands bytes to an endpoint as if they came from an address; returns what it sends.
    mutating func inject(
        _ text: String,
        to index: Int = 0,
        from source: SIPAddress = SIPAddress(host: "192.0.2.9", port: 5_070),
        flow: UInt64? = nil
    ) -> [SIPOutput] {
        let packet = SIPPacket(
            transport: flow == nil ? .udp : .tcp,
            remote: source,
            flow: flow,
            bytes: Array(text.utf8)
        )
        let at = moment
        return endpoints[index].receive(packet, now: at)
    }

    private mutating func take(_ index: Int, _ outputs: [SIPOutput]) {
        for output in outputs {
            switch output {
            case .send(let packet): transmit(index, packet)
            case .event(let event):
                events[index].append(event)
                react(&self, index, event)
            case .closeFlow: break
            }
        }
    }

    private mutating func transmit(_ from: Int, _ packet: SIPPacket) {
        sent.append((from, packet))
        guard let to = endpoints.indices.first(where: { VirtualWire.address($0) == packet.remote }) else { return }
        var arriving = packet
        arriving.remote = VirtualWire.address(from)
        let copies = random.next() % 100 < doublePercent ? 2 : 1
        for _ in 0..<copies where random.next() % 100 >= lossPercent {
            sequence += 1
            let delay = Span.milliseconds(Int64(5 + random.next() % 40))
            flying.append((now + delay, sequence, to, arriving))
        }
    }

    /// Lets time pass.
    mutating func run(for span: Span) {
        let end = now + span
        while true {
            let packet = flying.min { ($0.at, $0.sequence) < ($1.at, $1.sequence) }
            let command = commands.min { ($0.at, $0.sequence) < ($1.at, $1.sequence) }
            let deadlines = endpoints.compactMap(\.nextDeadline)
            guard let next = ([packet?.at, command?.at].compactMap { $0 } + deadlines).min(), next <= end else { break }
            now = max(now, next)
            if let packet, packet.at <= now {
                flying.removeAll { $0.sequence == packet.sequence }
                let at = moment
                take(packet.to, endpoints[packet.to].receive(packet.packet, now: at))
            } else if let command, command.at <= now {
                commands.removeAll { $0.sequence == command.sequence }
                perform(command.on, command.command)
            } else {
                for index in endpoints.indices {
                    let at = moment
                    take(index, endpoints[index].advance(now: at))
                }
            }
        }
        now = end
    }

    /// The texts of what an endpoint sent.
    func texts(from index: Int) -> [String] {
        sent.filter { $0.from == index }.map { String(decoding: $0.packet.bytes, as: UTF8.self) }
    }
}

extension SIPOutput {
    /// The text of a packet to send.
    var text: String? {
        if case .send(let packet) = self { String(decoding: packet.bytes, as: UTF8.self) } else { nil }
    }

    /// The status of a response to send.
    var status: Int? {
        guard let text, text.hasPrefix("SIP/2.0 ") else { return nil }
        return Int(text.dropFirst(8).prefix(3))
    }

    /// The event.
    var event: SIPEvent? {
        if case .event(let event) = self { event } else { nil }
    }
}

/// A stand-in for a session description; the stack only carries it.
func sdp(_ name: String) -> [UInt8] {
    Array("v=0\r\ns=\(name)\r\n".utf8)
}
