import Foundation
import Kernel

/// Reads a capture of packets as rtpengine writes it (pcap, Ethernet, IPv4 or IPv6, UDP), a piece at a time.
///
/// A capture that was cut off, by a crash or a full disk, ends with its last whole packet.
struct CaptureReader {
    /// A datagram that came to the relay.
    struct Packet: Hashable {
        /// When, in microseconds since 1970.
        var time: Int64
        /// The relay's port.
        var port: UInt16
        /// What it carried.
        var payload: [UInt8]
    }

    private let file: FileHandle
    private var buffer: [UInt8] = []
    private var offset = 0
    private var isSwapped = false
    private var unitsPerMicrosecond: Int64 = 1
    private var isOver = false

    /// Opens a capture; nil when it is missing or none.
    init?(path: String) {
        guard let file = try? FileHandle(forReadingFrom: URL(fileURLWithPath: path)) else { return nil }
        self.file = file
        guard let header = take(24) else { return nil }
        switch number(header, 0) {
        case 0xa1b2_c3d4: break
        case 0xd4c3_b2a1: isSwapped = true
        case 0xa1b2_3c4d: unitsPerMicrosecond = 1_000
        case 0x4d3c_b2a1: (isSwapped, unitsPerMicrosecond) = (true, 1_000)
        default: return nil
        }
        guard number(header, 20) & 0xffff == 1 else { return nil }
    }

    /// The next datagram; nil at the end.
    mutating func next() -> Packet? {
        while !isOver, let header = take(16) {
            let size = Int(number(header, 8))
            guard size <= Limits.captureBytesMax, let frame = take(size) else { break }
            let time = Int64(number(header, 0)) * 1_000_000 + Int64(number(header, 4)) / unitsPerMicrosecond
            if let (port, payload) = Self.datagram(frame) {
                return Packet(time: time, port: port, payload: Array(payload))
            }
        }
        isOver = true
        return nil
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        if buffer.count - offset < count {
            buffer.removeFirst(offset)
            offset = 0
            while buffer.count < count {
                guard let data = try? file.read(upToCount: Self.pieceBytes), !data.isEmpty else { return nil }
                buffer += data
            }
        }
        defer { offset += count }
        return buffer[offset..<(offset + count)]
    }

    private static let pieceBytes = 256 * 1_024

    private func number(_ bytes: ArraySlice<UInt8>, _ at: Int) -> UInt32 {
        let part = bytes[(bytes.startIndex + at)..<(bytes.startIndex + at + 4)]
        return isSwapped
            ? part.reduce(0) { $0 << 8 | UInt32($1) } : part.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The destination's port and what a UDP packet carries, in an Ethernet frame.
    private static func datagram(_ frame: ArraySlice<UInt8>) -> (UInt16, ArraySlice<UInt8>)? {
        let bytes = Array(frame)
        guard bytes.count >= 14 else { return nil }
        var udp: Int
        switch (bytes[12], bytes[13]) {
        case (0x08, 0x00):
            guard bytes.count >= 34, bytes[23] == 17 else { return nil }
            udp = 14 + Int(bytes[14] & 0x0f) * 4
        case (0x86, 0xdd):
            guard bytes.count >= 54, bytes[20] == 17 else { return nil }
            udp = 54
        default: return nil
        }
        guard bytes.count >= udp + 8 else { return nil }
        let port = UInt16(bytes[udp + 2]) << 8 | UInt16(bytes[udp + 3])
        let length = Int(bytes[udp + 4]) << 8 | Int(bytes[udp + 5])
        guard length >= 8, udp + length <= bytes.count else { return nil }
        udp += 8
        return (port, bytes[udp..<(udp + length - 8)])
    }
}
