import Kernel
import Mixer
import Testing
import Transport

/// A mixer over real sockets, with a node that asks it; confined to the loop.
final class MixerBench {
    let server: MixerServer
    let loop: EventLoop
    private var node: UDPSocket?
    private var asked = 0
    private let answers: Mailbox<[UInt8]>

    init(on loop: EventLoop, answers: Mailbox<[UInt8]>) throws {
        let settings = MixerSettings(control: .loopback(port: 0), media: .loopback(port: 0), ports: 31_000...31_199)
        server = try MixerServer.open(settings, on: loop, random: SeededRandom(seed: 1))
        self.loop = loop
        self.answers = answers
        node = try UDPSocket.bind(on: loop, to: .loopback(port: 0)) { bytes, _ in answers.put(bytes) }
    }

    /// Sends bytes to the mixer's control port.
    func send(_ bytes: [UInt8]) {
        if let address = server.controlAddress { node?.send(bytes, to: address) }
    }

    /// Sends a command under the next cookie.
    func ask(_ command: String, _ fields: [String: Bencode]) {
        asked += 1
        let body = Bencode.dictionary(fields.merging(["command": .text(command)]) { first, _ in first })
        send(Array("test-\(asked) ".utf8) + body.encoded)
    }
}

/// Gives a test a mixer and a way to ask it.
func withMixer(
    _ body: (LoopBound<MixerBench>, EventLoop, (String, [String: Bencode]) async throws -> Bencode) async throws -> Void
) async throws {
    let loop = try EventLoop(name: "mixer")
    do {
        let answers = Mailbox<[UInt8]>()
        let bench = try await loop.run { LoopBound(try MixerBench(on: loop, answers: answers), on: loop) }
        try await body(bench, loop) { command, fields in
            try await loop.run { bench.value.ask(command, fields) }
            let bytes = try await answers.next()
            let space = try #require(bytes.firstIndex(of: 32))
            return try #require(Bencode.decode(bytes[(space + 1)...]))
        }
        await loop.stop()
    } catch {
        await loop.stop()
        throw error
    }
}
