import Kernel
import Mixer
import Transport

/// A phone that says one tone, a packet for each that it gets; confined to the loop.
final class TestPhone {
    private let tone: Tone
    private let law: VoiceLaw
    private var socket: UDPSocket?
    private var said = 0
    private var skip = 0
    private var wanted = 0
    private var heard: [Int16] = []
    private var done: ([Int16]) -> Void = { _ in }
    /// Payloads of keys that it got.
    private(set) var keys: [[UInt8]] = []
    /// Where the mixer takes what it says.
    var mixer = SocketAddress.loopback(port: 9)

    init(_ tone: Tone, _ law: VoiceLaw, on loop: EventLoop) throws {
        self.tone = tone
        self.law = law
        socket = try UDPSocket.bind(on: loop, to: .loopback(port: 0)) { [weak self] bytes, _ in self?.take(bytes) }
    }

    var address: SocketAddress { socket?.localAddress ?? .loopback(port: 9) }

    /// Hands over what is heard in so many packets from now on, without the first few.
    func listen(skipping skip: Int, packets: Int, done: @escaping ([Int16]) -> Void) {
        (self.skip, wanted, heard, self.done) = (skip, packets, [], done)
    }

    /// Presses a key: four packets of it, the last three of them its end.
    func press(_ key: UInt8, payloadType: UInt8) {
        for index in 0..<4 {
            send(payloadType, index == 0, UInt32(said), [key, index == 0 ? 0x0a : 0x8a, 0, 160])
        }
    }

    private var sequence: UInt16 = 0

    private func send(_ type: UInt8, _ isMarked: Bool, _ timestamp: UInt32, _ payload: [UInt8]) {
        sequence &+= 1
        let packet = VoiceStreamPacket(
            payloadType: type,
            isMarked: isMarked,
            sequence: sequence,
            timestamp: timestamp,
            source: UInt32(tone.pitch),
            payload: payload[...]
        )
        socket?.send(packet.bytes, to: mixer)
    }

    private func take(_ bytes: [UInt8]) {
        guard let packet = VoiceStreamPacket(bytes) else { return }
        guard let law = VoiceLaw(rawValue: packet.payloadType) else {
            keys.append(Array(packet.payload))
            return
        }
        send(self.law.rawValue, said == 0, UInt32(said), self.law.encode(tone.samples(from: said, count: 160)))
        said += 160
        if skip > 0 {
            skip -= 1
        } else if wanted > 0 {
            wanted -= 1
            heard += law.decode(packet.payload)
            if wanted == 0 { done(heard) }
        }
    }
}
