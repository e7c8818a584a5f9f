package import Calls
import Foundation
package import Kernel

/// Makes one recording of a session's captures: sound of two channels, piece by piece.
///
/// Reads files and takes its time: not for the loop. Memory is bounded, however long the talk.
package struct RecordingMaker: Sendable {
    /// What was found to be wrong.
    package struct Failure: Error, CustomStringConvertible, Sendable {
        /// In words.
        package let description: String
    }

    /// The relay's recording folder (`--recording-dir`), as this machine sees it.
    package let spool: String

    /// Names the relay's recording folder.
    package init(spool: String) {
        self.spool = spool
    }

    /// Gives the sound of a session to `sink`, both channels' samples in turn at 8 kHz; left is the outer party.
    ///
    /// Throws when there are no captures or the sink throws. Returns the samples of each channel.
    package func make(
        _ session: MediaSession,
        ports: [MediaSide: Set<UInt16>],
        sink: ([Int16]) throws -> Void
    ) throws -> Int64 {
        var captures: [(first: CaptureReader.Packet, reader: CaptureReader)] = []
        for path in files(of: session).prefix(Limits.capturesPerSessionMax) {
            guard var reader = CaptureReader(path: path), let first = reader.next() else { continue }
            captures.append((first, reader))
        }
        captures.sort { $0.first.time < $1.first.time }
        var mixer = RecordingMixer()
        for index in captures.indices {
            var packet: CaptureReader.Packet? = captures[index].first
            while let captured = packet {
                if let channel = channel(of: captured.port, ports), let voice = VoicePacket(captured.payload) {
                    try mixer.take(voice, channel: channel, time: captured.time, sink: sink)
                }
                packet = captures[index].reader.next()
            }
        }
        try mixer.finish(sink: sink)
        guard mixer.length > 0 else {
            throw Failure(
                description: "no voice of the session was found in the relay's recording folder \(spool)/pcaps"
            )
        }
        return mixer.length
    }

    /// Removes the captures of a session; call it when the recording is safe.
    package func removeCaptures(of session: MediaSession) {
        for path in files(of: session) + files(of: session, in: "metadata", prefix: "rtpengine-meta-", ending: ".txt") {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// Removes captures that nobody has written to since `wall`: of calls that were cut off with the node.
    package func removeCaptures(before wall: WallTime) {
        let limit = Date(timeIntervalSince1970: Double(wall.milliseconds) / 1_000)
        for (folder, ending) in [("pcaps", ".pcap"), ("metadata", ".txt")] {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: spool + "/" + folder)) ?? []
            where name.hasSuffix(ending) {
                let path = spool + "/" + folder + "/" + name
                let facts = try? FileManager.default.attributesOfItem(atPath: path)
                guard let written = facts?[.modificationDate] as? Date, written < limit else { continue }
                try? FileManager.default.removeItem(atPath: path)
            }
        }
    }

    private func channel(of port: UInt16, _ ports: [MediaSide: Set<UInt16>]) -> Int? {
        if ports[.outer]?.contains(port) == true { return 0 }
        return ports[.inner]?.contains(port) == true ? 1 : nil
    }

    /// Files named for a session: its escaped key, a hyphen, sixteen digits of the relay's.
    private func files(
        of session: MediaSession,
        in folder: String = "pcaps",
        prefix: String = "",
        ending: String = ".pcap"
    ) -> [String] {
        let start = prefix + Self.escaped(session.key) + "-"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: spool + "/" + folder)) ?? []
        return names.sorted().filter { name in
            guard name.hasPrefix(start), name.hasSuffix(ending) else { return false }
            let middle = name.dropFirst(start.count).dropLast(ending.count)
            return middle.utf8.count == 16 && middle.allSatisfy(\.isHexDigit)
        }.map { spool + "/" + folder + "/" + $0 }
    }

    /// The key as the relay writes it into names: all but plain characters as `%` and two digits.
    static func escaped(_ key: String) -> String {
        var text = ""
        for byte in key.utf8 {
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            if isPlain || "-._~".utf8.contains(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }
}
