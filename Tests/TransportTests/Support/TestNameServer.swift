import Synchronization
import Transport

/// A name server on loopback that knows what a test tells it.
final class TestNameServer: Sendable {
    /// What it answers.
    enum Answer: Sendable {
        /// Records with their time to live.
        case records([DNSRecord.Content], seconds: UInt32)
        /// A name that stands for another, with that one's address, behind a jump within the message.
        case alias(of: String, address: String, seconds: UInt32)
        /// There is no such name.
        case noSuchName
        /// The server itself has failed.
        case failed
        /// These bytes after the header and the question.
        case bytes([UInt8])
    }

    let server: NameServer
    private let answers: Mutex<[String: Answer]>
    private let asked = Mutex<[String]>([])
    private let socket: LoopBound<UDPSocket>

    /// Starts it; keys of `answers` are like `_sip._udp.example.test/33`.
    static func start(on loop: EventLoop, _ answers: [String: Answer]) async throws -> TestNameServer {
        try await loop.run { try TestNameServer(loop, answers) }
    }

    private init(_ loop: EventLoop, _ answers: [String: Answer]) throws {
        self.answers = Mutex(answers)
        let box = Box()
        let socket = try UDPSocket.bind(on: loop, to: .loopback(port: 0)) { bytes, sender in
            if let server = box.server, let answer = server.answer(bytes) {
                server.socket.value.send(answer, to: sender)
            }
        }
        self.socket = LoopBound(socket, on: loop)
        server = NameServer(at: socket.localAddress)
        box.server = self
    }

    /// Changes an answer.
    func set(_ name: String, _ answer: Answer) {
        answers.withLock { $0[name] = answer }
    }

    /// What was asked, in order.
    var questions: [String] { asked.withLock { $0 } }

    private final class Box {
        weak var server: TestNameServer?
    }

    private func answer(_ query: [UInt8]) -> [UInt8]? {
        var labels: [String] = []
        var at = 12
        while at < query.count, query[at] != 0 {
            let length = Int(query[at])
            guard at + length < query.count else { return nil }
            labels.append(String(decoding: query[(at + 1)...(at + length)], as: UTF8.self))
            at += length + 1
        }
        guard at + 4 < query.count else { return nil }
        let kind = UInt16(query[at + 1]) << 8 | UInt16(query[at + 2])
        let question = Array(query[12..<(at + 5)])
        let name = "\(labels.joined(separator: "."))/\(kind)"
        asked.withLock { $0.append(name) }
        let answer = answers.withLock { $0[name] } ?? .noSuchName
        var body: [UInt8] = []
        var count = 0
        var code: UInt8 = 0
        switch answer {
        case .records(let contents, let seconds):
            count = contents.count
            for content in contents { body += [0xC0, 12] + Self.record(kind, seconds, Self.data(content)) }
        case .alias(let other, let address, let seconds):
            count = 2
            let start = 12 + question.count
            body += [0xC0, 12] + Self.record(5, seconds, Self.name(other))
            // The other name stands in the data of the first record, which begins after 12 bytes of it.
            body += [0xC0, UInt8(start + 12)] + Self.record(kind, seconds * 2, Self.data(.address(address)))
        case .noSuchName: code = 3
        case .failed: code = 2
        case .bytes(let bytes):
            count = 1
            body = bytes
        }
        return query[0..<2] + [0x81, 0x80 | code, 0, 1, 0, UInt8(count), 0, 0, 0, 0] + question + body
    }

    private static func record(_ kind: UInt16, _ seconds: UInt32, _ data: [UInt8]) -> [UInt8] {
        two(kind) + two(1) + two(UInt16(seconds >> 16)) + two(UInt16(truncatingIfNeeded: seconds))
            + two(UInt16(data.count)) + data
    }

    private static func data(_ content: DNSRecord.Content) -> [UInt8] {
        switch content {
        case .service(let priority, let weight, let port, let host):
            return two(priority) + two(weight) + two(port) + name(host)
        case .address(let host) where host.contains(":"):
            // Only addresses like 2001:db8::7 and ::1 are needed.
            let halves = host.components(separatedBy: "::")
            let head = halves[0].split(separator: ":"), tail = halves[1].split(separator: ":")
            let groups = head + Array(repeating: "0", count: 8 - head.count - tail.count) + tail
            return groups.flatMap { two(UInt16($0, radix: 16) ?? 0) }
        case .address(let host):
            return host.split(separator: ".").compactMap { UInt8($0) }
        }
    }

    private static func name(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    private static func two(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)] }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
