import Foundation
import Kernel
import Transport

/// A real rtpengine as a child process, with folders of its own.
final class Rtpengine {
    static let program = "/usr/bin/rtpengine"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

    let folder: String
    let port: UInt16
    private let process = Process()

    /// Starts it; `digits` is where it reports pressed keys.
    init(digits: UInt16) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("rtpengine-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder + "/spool", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder + "/sounds/en", withIntermediateDirectories: true)
        port = UInt16.random(in: 23_000...23_900)
        let media = Int.random(in: 40...58) * 1_000
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.arguments = [
            "--config-file=none", "-f", "-E", "-t", "-1", "-i", "127.0.0.1", "-n", "127.0.0.1:\(port)",
            "-m", "\(media)", "-M", "\(media + 998)", "--recording-dir=\(folder)/spool", "--recording-method=pcap",
            "--recording-format=eth", "--delete-delay=0", "--dtmf-log-dest=127.0.0.1:\(digits)",
        ]
        let log = folder + "/log"
        try Data().write(to: URL(fileURLWithPath: log))
        process.standardError = FileHandle(forWritingAtPath: log)
        process.standardOutput = process.standardError
        try process.run()
    }

    var log: String { (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "" }

    func stop() {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Writes a clip of one steady value, so that it is known again among what is heard.
    func writeClip(_ name: String, value: Int16, milliseconds: Int) throws {
        let count = milliseconds * 8 * 2
        func little(_ number: Int, _ bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8(number >> (8 * $0) & 0xff) } }
        var wav = Array("RIFF".utf8) + little(36 + count, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + little(1, 2)
        wav += little(1, 2) + little(8_000, 4) + little(16_000, 4) + little(2, 2) + little(16, 2)
        wav += Array("data".utf8) + little(count, 4)
        for _ in 0..<(count / 2) { wav += little(Int(value), 2) }
        try Data(wav).write(to: URL(fileURLWithPath: "\(folder)/sounds/en/\(name).wav"))
    }
}

/// A phone that says one byte of µ-law for ever and counts which bytes it hears.
///
/// Confined to the loop.
final class TonePhone {
    private(set) var heard: [UInt8: Int] = [:]
    private(set) var socket: UDPSocket?
    var target: SocketAddress?
    private let tone: UInt8
    private let loop: EventLoop
    private var timer: LoopTimer?
    private var sequence: UInt16 = 0
    private var timestamp: UInt32 = 0
    private var keyPackets: [[UInt8]] = []

    init(on loop: EventLoop, tone: UInt8) throws {
        self.tone = tone
        self.loop = loop
        socket = try UDPSocket.bind(on: loop, to: .loopback(port: 0)) { [weak self] bytes, _ in
            guard let self, bytes.count > 12 + 80 else { return }
            self.heard[bytes[12 + 80], default: 0] += 1
        }
        timer = try LoopTimer.make(on: loop) { [weak self] in self?.say() }
        timer?.arm(after: .milliseconds(20))
    }

    var session: [UInt8] {
        let port = socket?.localAddress.port ?? 0
        let lines = [
            "v=0", "o=- \(port) 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
            "m=audio \(port) RTP/AVP 0 101", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=sendrecv",
        ]
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    /// Sends to the port in a session that the relay made.
    func send(to session: [UInt8]) {
        let port = String(decoding: session, as: UTF8.self).split(separator: "\r\n").first { $0.hasPrefix("m=audio ") }?
            .split(separator: " ")[1]
        target = port.flatMap { UInt16($0) }.map { .loopback(port: $0) }
    }

    func forget() { heard = [:] }

    /// Presses a key for a fifth of a second (RFC 4733): the end is sent three times, as phones do.
    func press(_ event: UInt8) {
        let start = timestamp
        keyPackets = (0..<10).map { index in
            let length = UInt16(160 * (min(index, 7) + 1))
            return header(type: index == 0 ? 0x80 | 101 : 101, timestamp: start)
                + [event, index >= 7 ? 0x8a : 0x0a, UInt8(length >> 8), UInt8(length & 0xff)]
        }
    }

    func close() {
        timer?.close()
        socket?.close()
    }

    private func header(type: UInt8, timestamp: UInt32) -> [UInt8] {
        [0x80, type, 0, 0] + [24, 16, 8, 0].map { UInt8(timestamp >> $0 & 0xff) } + [tone, 0, 0, 1]
    }

    private func say() {
        timer?.arm(after: .milliseconds(20))
        sequence &+= 1
        timestamp &+= 160
        guard let target else { return }
        var packet =
            keyPackets.isEmpty
            ? header(type: 0, timestamp: timestamp) + [UInt8](repeating: tone, count: 160) : keyPackets.removeFirst()
        (packet[2], packet[3]) = (UInt8(sequence >> 8), UInt8(sequence & 0xff))
        socket?.send(packet, to: target)
    }
}
