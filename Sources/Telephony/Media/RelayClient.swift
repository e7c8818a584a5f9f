import Kernel
import Transport

/// Asks media relays in rtpengine's "ng" protocol: a cookie and a bencoded dictionary each way, over UDP.
///
/// A request is sent again until its answer comes or its tries are used up; a relay answers a cookie that it has seen
/// from memory. Every request ends in exactly one answer. Confined to the loop.
final class RelayClient {
    /// What a relay said, or why it said nothing.
    enum Answer {
        /// The relay did it.
        case ok(Bencode)
        /// The relay refused, in its own words.
        case refused(String)
        /// The relay did not answer in time.
        case silent
        /// The request was not sent.
        case notSent(String)
    }

    private struct Request {
        let bytes: [UInt8]
        let relay: SocketAddress
        var tries: Int
        let answered: (Answer) -> Void
    }

    private let loop: EventLoop
    private let retryInterval: Span
    private let triesMax: Int
    private var sockets: [SocketAddress.Family: UDPSocket] = [:]
    private var timer: LoopTimer?
    private var requests: [UInt64: Request] = [:]
    /// Who is looked at when; all wait equally long, so the first in line is always the next.
    private var line: [(cookie: UInt64, at: Instant)] = []
    private var nextInLine = 0
    private var lastCookie: UInt64 = 0
    private let prefix: String

    /// Requests without an answer so far.
    var pendingCount: Int { requests.count }

    init(
        on loop: EventLoop,
        retryInterval: Span,
        triesMax: Int
    ) throws(TransportError) {
        self.loop = loop
        self.retryInterval = retryInterval
        self.triesMax = triesMax
        // A relay remembers cookies for some seconds: those of a process before this one must not fit.
        prefix = String(UInt64.random(in: .min ... .max), radix: 36)
        timer = try LoopTimer.make(on: loop) { [weak self] in self?.lookAgain() }
    }

    /// Sends a command with its fields; `answered` is called once, never before this returns.
    func ask(_ command: Bencode, of relay: SocketAddress, answered: @escaping (Answer) -> Void) {
        lastCookie += 1
        let cookie = lastCookie
        let bytes = Array("\(prefix)-\(cookie) ".utf8) + command.encoded
        guard bytes.count <= Limits.relayMessageBytesMax else {
            return loop.schedule { answered(.notSent("the session is too long for the relay's protocol")) }
        }
        guard requests.count < Limits.relayRequestsMax else {
            return loop.schedule { answered(.notSent("too many requests wait for the media relay")) }
        }
        guard let socket = socket(towards: relay) else {
            return loop.schedule { answered(.notSent("no socket could be opened towards the media relay")) }
        }
        requests[cookie] = Request(bytes: bytes, relay: relay, tries: 1, answered: answered)
        socket.send(bytes, to: relay)
        enqueue(cookie)
    }

    /// Ends all requests.
    func close() {
        for socket in sockets.values { socket.close() }
        sockets = [:]
        timer?.close()
        timer = nil
        let waiting = requests.sorted { $0.key < $1.key }
        requests = [:]
        line = []
        for (_, request) in waiting { request.answered(.notSent("the site is stopping")) }
    }

    private func socket(towards relay: SocketAddress) -> UDPSocket? {
        guard timer != nil else { return nil }
        if let socket = sockets[relay.family] { return socket }
        let any = SocketAddress(host: relay.family == .v4 ? "0.0.0.0" : "::", port: 0)
        guard let any else { return nil }
        let socket = try? UDPSocket.bind(on: loop, to: any) { [weak self] bytes, sender in
            self?.received(bytes, from: sender)
        }
        sockets[relay.family] = socket
        return socket
    }

    private func received(_ bytes: [UInt8], from sender: SocketAddress) {
        guard let space = bytes.firstIndex(of: UInt8(ascii: " ")) else { return }
        let words = String(decoding: bytes[..<space], as: UTF8.self).split(separator: "-")
        // A late answer, somebody else's or one from another address changes nothing.
        guard words.count == 2, words[0] == prefix, let cookie = UInt64(words[1]),
            let request = requests[cookie], request.relay == sender, let body = Bencode.decode(bytes[(space + 1)...])
        else { return }
        requests[cookie] = nil
        request.answered(Self.read(body))
    }

    private static func read(_ body: Bencode) -> Answer {
        switch body["result"]?.asText {
        case "ok", "pong": .ok(body)
        case "load limit": .refused("the media relay is fully loaded")
        default: .refused(body["error-reason"]?.asText ?? "the media relay refused without a reason")
        }
    }

    private func enqueue(_ cookie: UInt64) {
        line.append((cookie, loop.now.instant + retryInterval))
        if line.count - nextInLine == 1 { armForNext() }
    }

    private func armForNext() {
        while nextInLine < line.count, requests[line[nextInLine].cookie] == nil { nextInLine += 1 }
        if nextInLine > 1_024 || nextInLine == line.count {
            line.removeFirst(nextInLine)
            nextInLine = 0
        }
        if let next = line.dropFirst(nextInLine).first { timer?.arm(at: next.at) }
    }

    private func lookAgain() {
        let now = loop.now.instant
        var silent: [Request] = []
        while nextInLine < line.count, line[nextInLine].at <= now {
            let cookie = line[nextInLine].cookie
            nextInLine += 1
            guard var request = requests[cookie] else { continue }
            if request.tries >= triesMax {
                requests[cookie] = nil
                silent.append(request)
            } else {
                request.tries += 1
                requests[cookie] = request
                sockets[request.relay.family]?.send(request.bytes, to: request.relay)
                line.append((cookie, now + retryInterval))
            }
        }
        armForNext()
        for request in silent { request.answered(.silent) }
    }
}
