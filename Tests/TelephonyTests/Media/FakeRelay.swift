import Calls
import Kernel
import Telephony
import Transport

/// A relay that does what a test tells it to.
final class FakeRelay {
    /// What it does with a command.
    enum Reaction {
        case reply([String: Bencode])
        case refuse(String)
        case drop
        /// The reply, but first garbage and afterwards twice the same.
        case mess([String: Bencode])
    }

    private(set) var socket: UDPSocket?
    /// Commands as they came, repetitions too; pings and questions about sessions are left out.
    private(set) var heard: [Bencode] = []
    var react: (Bencode, Int) -> Reaction = { _, _ in .reply([:]) }
    var answersPings = true
    /// Sessions that it does not know any more.
    var forgotten: Set<String> = []
    private let noted: (Bencode) -> Void

    init(on loop: EventLoop, noted: @escaping (Bencode) -> Void = { _ in }) throws {
        self.noted = noted
        socket = try UDPSocket.bind(on: loop, to: .loopback(port: 0)) { [weak self] bytes, sender in
            self?.take(bytes, from: sender)
        }
    }

    var address: SocketAddress { socket?.localAddress ?? .loopback(port: 1) }

    func send(_ text: String, to address: SocketAddress) { socket?.send(Array(text.utf8), to: address) }

    private func take(_ bytes: [UInt8], from sender: SocketAddress) {
        guard let space = bytes.firstIndex(of: 32), let body = Bencode.decode(bytes[(space + 1)...]) else { return }
        func reply(_ fields: [String: Bencode], _ result: String = "ok") {
            let all = fields.merging(["result": .text(result)]) { first, _ in first }
            socket?.send(Array(bytes[...space]) + Bencode.dictionary(all).encoded, to: sender)
        }
        if body["command"]?.asText == "ping" {
            if answersPings { reply([:], "pong") }
            return
        }
        if body["command"]?.asText == "query" {
            let isForgotten = forgotten.contains(body["call-id"]?.asText ?? "")
            if answersPings {
                isForgotten ? reply(["error-reason": .text("Unknown call-id")], "error") : reply([:])
            }
            return
        }
        heard.append(body)
        noted(body)
        switch react(body, heard.count) {
        case .reply(let fields): reply(fields)
        case .refuse(let reason): reply(["error-reason": .text(reason)], "error")
        case .drop: break
        case .mess(let fields):
            for garbage in ["", "x", "nonsense 3:abc", String(decoding: bytes[...space], as: UTF8.self) + "d1:"] {
                send(garbage, to: sender)
            }
            reply(fields)
            reply(fields)
        }
    }
}

/// A relay's client under test, with the fake relays that it talks to.
final class RelayBench {
    let relays: [FakeRelay]
    let relay: MediaRelay
    private var number: UInt64 = 0

    static func make(
        on loop: EventLoop,
        relays count: Int = 1,
        sounds: String = "/nonexistent",
        events: Mailbox<MediaRelayEvent>,
        commands: Mailbox<Bencode>
    ) throws -> RelayBench {
        let fakes = try (0..<count).map { _ in try FakeRelay(on: loop) { commands.put($0) } }
        let settings = MediaRelay.Settings(
            relays: fakes.map(\.address),
            digits: .loopback(port: 0),
            sounds: SoundFolder(sounds),
            retryInterval: .milliseconds(15),
            triesMax: 5,
            pingInterval: .milliseconds(20)
        )
        let relay = try MediaRelay.open(
            settings,
            on: loop,
            archive: { session, _, done in done(.recorded(file: "of " + session.key)) },
            events: { events.put($0) }
        )
        return RelayBench(fakes, relay)
    }

    private init(_ relays: [FakeRelay], _ relay: MediaRelay) {
        self.relays = relays
        self.relay = relay
    }

    /// Begins a job and returns its number.
    @discardableResult
    func perform(_ request: MediaRequest, of key: String = "c") -> UInt64 {
        number += 1
        relay.perform(MediaJob(number: number, session: MediaSession(key), request: request))
        return number
    }
}
