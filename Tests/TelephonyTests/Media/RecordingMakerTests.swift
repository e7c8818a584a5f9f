import Calls
import Foundation
import Kernel
import Telephony
import TestKit
import Testing

/// Captures made by hand: what a relay could write, and what it should not.
@Suite("Recordings from captures")
struct RecordingMakerTests {
    private let session = MediaSession("n#1")
    private let ports: [MediaSide: Set<UInt16>] = [.outer: [30_000], .inner: [30_002]]

    /// One packet of µ-law voice as a record of a capture.
    private func record(at time: Int64, port: UInt16, timestamp: UInt32, byte: UInt8, type: UInt8 = 0) -> [UInt8] {
        func big(_ number: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * (count - 1 - $0))) }
        }
        func little(_ number: Int) -> [UInt8] { big(number, 4).reversed() }
        let rtp = [0x80, type] + big(7, 2) + big(Int(timestamp), 4) + big(Int(port), 4)
        let payload = rtp + [UInt8](repeating: byte, count: 160)
        let udp = big(4_000, 2) + big(Int(port), 2) + big(payload.count + 8, 2) + [0, 0] + payload
        let address: [UInt8] = [127, 0, 0, 1]
        let ip = [0x45, 0] + big(udp.count + 20, 2) + [0, 0, 0, 0, 64, 17, 0, 0] + address + address + udp
        let frame = [UInt8](repeating: 0, count: 12) + [8, 0] + ip
        let seconds = Int(time / 1_000_000), rest = Int(time % 1_000_000)
        return little(seconds) + little(rest) + little(frame.count) + little(frame.count) + frame
    }

    private let head: [UInt8] = [
        0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0,
    ]

    /// What was made of captures.
    private struct Made {
        var sound: [Int16] = []
        var largest = 0
        var length: Int { sound.count / 2 }
        var left: [Int16] { stride(from: 0, to: sound.count, by: 2).map { sound[$0] } }
        var right: [Int16] { stride(from: 1, to: sound.count, by: 2).map { sound[$0] } }
    }

    private func make(_ captures: [[UInt8]]) throws -> Made {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("captures-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = folder.appendingPathComponent("pcaps")
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        for (index, bytes) in captures.enumerated() {
            try Data(bytes).write(to: files.appendingPathComponent("n%231-00000000000000\(index)f.pcap"))
            // Somebody else's, with a name that begins alike.
            try Data(bytes).write(to: files.appendingPathComponent("n%231-x-00000000000000\(index)f.pcap"))
        }
        var made = Made()
        _ = try RecordingMaker(spool: folder.path).make(session, ports: ports) {
            made.sound += $0
            made.largest = max(made.largest, $0.count)
        }
        return made
    }

    @Test("Jitter and order of arrival are not heard: packets lie where they belong", arguments: Seeds.first(20))
    func jitter(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var packets: [(time: Int64, bytes: [UInt8])] = []
        for index in 0..<50 {
            let time = 1_000_000 + Int64(index) * 20_000 + (index == 0 ? 0 : Int64(random.next() % 60_000))
            let timestamp = UInt32(truncatingIfNeeded: index * 160) &+ 0xffff_f000
            packets.append((time, record(at: time, port: 30_000, timestamp: timestamp, byte: UInt8(index + 1))))
        }
        packets.sort { $0.time < $1.time }
        let made = try make([head + packets.flatMap(\.bytes)])
        let left = made.left
        #expect(left.count == 8_000 && made.right.allSatisfy { $0 == 0 })
        for index in 0..<50 {
            #expect(Set(left[(index * 160)..<(index * 160 + 160)]).count == 1)
            #expect(index == 0 || left[index * 160] != left[index * 160 - 1])
        }
    }

    @Test("A pause between two captures is silence of its length; the order of their names does not matter")
    func pause() throws {
        let early = head + record(at: 5_000_000, port: 30_000, timestamp: 0, byte: 0x11)
        let late = head + record(at: 8_000_000, port: 30_002, timestamp: 9, byte: 0x22)
        let made = try make([late, early])
        #expect(made.left.count == 24_160)
        #expect(made.left[0] != 0 && made.left[160...].allSatisfy { $0 == 0 })
        #expect(made.right[..<24_000].allSatisfy { $0 == 0 } && made.right[24_000] != 0)
    }

    @Test("A clock that jumps by years fills no disk, and a long silence comes in small pieces")
    func jump() throws {
        let made = try make([
            head + record(at: 5_000_000, port: 30_000, timestamp: 0, byte: 0x11)
                + record(at: 4_000_000_000_000_000, port: 30_000, timestamp: 160, byte: 0x11)
        ])
        #expect(made.length <= Int(Limits.recordingGapMax.milliseconds * 8 + 320))
        #expect(made.largest <= 64_000)
    }

    @Test("Other ports, other codecs and keys are passed over; a capture without voice is told")
    func others() throws {
        let voice = record(at: 5_000_000, port: 30_000, timestamp: 0, byte: 0x11)
        let noise =
            record(at: 5_000_000, port: 31_000, timestamp: 0, byte: 0x33)
            + record(at: 5_000_000, port: 30_000, timestamp: 0, byte: 0x33, type: 101)
        #expect(try make([head + noise + voice]).left.count == 160)
        #expect(throws: RecordingMaker.Failure.self) { try make([head + noise]) }
        #expect(throws: RecordingMaker.Failure.self) { try make([]) }
    }

    @Test("Cut off or changed anywhere, a capture breaks nothing", arguments: Seeds.first(30))
    func damage(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var bytes = head
        for index in 0..<10 {
            bytes += record(
                at: 5_000_000 + Int64(index) * 20_000,
                port: index % 2 == 0 ? 30_000 : 30_002,
                timestamp: UInt32(index * 160),
                byte: 0x11
            )
        }
        let cut = Array(bytes.prefix(Int(random.next() % UInt64(bytes.count))))
        if let made = try? make([cut]) { #expect(made.length <= 1_800) }
        for _ in 0..<20 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next()) }
        if let made = try? make([bytes]) { #expect(made.largest <= 64_000) }
    }
}
