package import Kernel
package import Transport

/// The mixer: takes requests of nodes on this machine, and mixes what comes to its parties' ports every 20 ms.
///
/// The protocol is the one that rtpengine speaks: over UDP, a cookie, a space and a bencoded dictionary each way.
/// Confined to the loop.
package final class MixerServer {
    /// How it does.
    package struct Figures: Hashable, Sendable {
        /// Rooms that are open.
        package var rooms = 0
        /// Parties in all rooms.
        package var parties = 0
        /// Ticks since the start.
        package var ticks = 0
        /// Ticks that were left out because the machine was too busy.
        package var ticksMissed = 0
        /// Rooms that ended because nobody was heard in them and no node kept them.
        package var roomsIdle = 0
    }

    private let loop: EventLoop
    private let rooms: MixerRooms
    private var control: UDPSocket?
    private var timer: LoopTimer?
    private var answers = MixerAnswers()
    private var nextTick: Instant
    private var counted = Figures()
    /// Tells this run of the mixer from any other, which has none of its rooms.
    private let run: String

    /// Opens the control port and begins to tick.
    package static func open(
        _ settings: MixerSettings,
        on loop: EventLoop,
        random: SeededRandom
    ) throws(TransportError) -> MixerServer {
        let server = MixerServer(settings, loop, random)
        do throws(TransportError) {
            server.control = try UDPSocket.bind(on: loop, to: settings.control) { [weak server] bytes, sender in
                server?.received(bytes, from: sender)
            }
            server.timer = try LoopTimer.make(on: loop) { [weak server] in server?.tick() }
        } catch {
            server.close()
            throw error
        }
        server.timer?.arm(at: server.nextTick)
        return server
    }

    private init(_ settings: MixerSettings, _ loop: EventLoop, _ random: SeededRandom) {
        self.loop = loop
        var random = random
        run = String(random.next(), radix: 36)
        rooms = MixerRooms(settings, on: loop, random: random)
        nextTick = loop.now.instant + Self.interval
    }

    /// Where it takes requests.
    package var controlAddress: SocketAddress? { control?.localAddress }

    /// How it does now.
    package var figures: Figures {
        var figures = counted
        figures.rooms = rooms.roomCount
        figures.parties = rooms.partyCount
        return figures
    }

    /// Ends all rooms and closes all ports.
    package func close() {
        control?.close()
        timer?.close()
        rooms.endAll()
    }

    private static let interval = Span.milliseconds(20)

    private func tick() {
        rooms.tick()
        counted.ticks += 1
        nextTick = nextTick + Self.interval
        let behind = (loop.now.instant - nextTick).milliseconds / Self.interval.milliseconds
        if behind > Limits.mixerTicksBehindMax {
            counted.ticksMissed += Int(behind)
            rooms.skip(Int(behind))
            nextTick = nextTick + Self.interval * behind
        }
        timer?.arm(at: nextTick)
        // About once a second.
        if counted.ticks % 50 == 0 { counted.roomsIdle += rooms.endIdle().count }
    }

    private func received(_ bytes: [UInt8], from sender: SocketAddress) {
        // Whoever may ask the mixer may listen to calls: this machine only.
        guard sender.isLoopback, bytes.count <= Limits.relayMessageBytesMax,
            let space = bytes.prefix(Self.cookieBytesMax).firstIndex(of: UInt8(ascii: " "))
        else { return }
        let cookie = Array(bytes[...space])
        if let answer = answers.answer(to: cookie, from: sender) {
            control?.send(answer, to: sender)
            return
        }
        guard let body = Bencode.decode(bytes[(space + 1)...]) else { return }
        let answer = cookie + Bencode.dictionary(answer(to: body)).encoded
        answers.remember(answer, to: cookie, from: sender, at: loop.now.instant)
        control?.send(answer, to: sender)
    }

    private static let cookieBytesMax = 128

    private func answer(to body: Bencode) -> [String: Bencode] {
        do throws(MixerProblem) {
            return try perform(MixerRequest(body))
        } catch {
            return ["result": .text("error"), "error-reason": .text(error.reason)]
        }
    }

    private func perform(_ request: MixerRequest) throws(MixerProblem) -> [String: Bencode] {
        var answer: [String: Bencode] = ["result": .text("ok")]
        switch request {
        case .ping(let names):
            rooms.keep(names)
            answer = [
                "result": .text("pong"), "run": .text(run), "rooms": .integer(Int64(rooms.roomCount)),
                "parties": .integer(Int64(rooms.partyCount)), "missed": .integer(Int64(counted.ticksMissed)),
            ]
        case .open(let room, let party):
            let address = try rooms.open(room, party)
            answer["address"] = .text(address.host)
            answer["port"] = .integer(Int64(address.port))
        case .take(let room, let party, let session): try rooms.take(room, party, session)
        case .hear(let room, let hearing): try rooms.hear(room, hearing)
        case .close(let room, let party): rooms.close(room, party)
        case .end(let room): rooms.end(room)
        }
        return answer
    }
}
