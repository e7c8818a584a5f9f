import Foundation
import Kernel
import Store
import TestKit
import Testing

@Suite("Recordings on the disk")
struct RecordingFileTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("recordings-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private let key = RecordingKey(bytes: [UInt8](repeating: 7, count: 32))
    private let wall = WallTime(milliseconds: 1_800_000_000_000)

    private func sound(frames: Int, seed: UInt64) -> [Int16] {
        var random = SeededRandom(seed: seed)
        return (0..<(frames * 2)).map { _ in Int16(truncatingIfNeeded: random.next()) }
    }

    @Test("Every range of a recording reads back as it was written", arguments: Seeds.first(8))
    func ranges(seed: UInt64) throws {
        try withFolder { path in
            var random = SeededRandom(seed: seed)
            let folder = try RecordingFolder(path, key: key)
            let samples = sound(frames: Int(random.next() % 60_000), seed: seed)
            let writer = try folder.make(at: wall)
            var rest = samples[...]
            while !rest.isEmpty {
                let count = Int(random.next() % 5_000 + 1) * 2
                try writer.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            #expect(try folder.open(writer.name) == nil)
            try writer.finish()
            let file = try #require(try folder.open(writer.name))
            let sound = samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
            #expect(file.length == 44 + sound.count)
            let whole = try file.read(0..<file.length)
            #expect(Array(whole.dropFirst(44)) == sound && whole.starts(with: Array("RIFF".utf8)))
            for _ in 0..<50 {
                let from = Int(random.next() % UInt64(file.length)), to = from + Int(random.next() % 100_000)
                #expect(try file.read(from..<to) == Array(whole[from..<min(to, whole.count)]))
            }
            #expect(try file.read(file.length..<(file.length + 10)).isEmpty)
        }
    }

    @Test(
        "The waveform keeps the loudest sample of each stretch, whatever the length",
        arguments: [1, 999, 160_000, 700_001]
    )
    func waveform(frames: Int) throws {
        try withFolder { path in
            let folder = try RecordingFolder(path, key: key)
            let writer = try folder.make(at: wall)
            var samples = [Int16](repeating: 0, count: frames * 2)
            samples[frames / 2 * 2] = -32_768
            samples[frames * 2 - 1] = 16_384
            try writer.append(samples)
            try writer.finish()
            let file = try #require(try folder.open(writer.name))
            let peaks = file.peaks(count: 100)
            #expect(peaks.left.count <= 100 && peaks.left.count == peaks.right.count)
            #expect(peaks.left.max() == 255 && peaks.left.filter { $0 > 0 }.count == 1)
            #expect(peaks.right.last == 128 && peaks.right.filter { $0 > 0 }.count == 1)
            #expect(file.duration.milliseconds == Int64(frames / 8))
        }
    }

    @Test("Nothing of the talk stands on the disk in plain, and another key opens nothing")
    func encrypted() throws {
        try withFolder { path in
            let folder = try RecordingFolder(path, key: key)
            let writer = try folder.make(at: wall)
            try writer.append([Int16](repeating: 0x4142, count: 4_000))
            try writer.finish()
            let bytes = try #require(FileManager.default.contents(atPath: path + "/" + writer.name))
            #expect(bytes.range(of: Data([0x42, 0x41, 0x42, 0x41])) == nil)
            let other = try RecordingFolder(path, key: RecordingKey(bytes: [UInt8](repeating: 8, count: 32)))
            #expect(throws: RecordingFailure.self) { try other.open(writer.name) }
            let mode = try FileManager.default.attributesOfItem(atPath: path + "/" + writer.name)[.posixPermissions]
            #expect(mode as? Int == 0o600)
        }
    }

    @Test("A changed byte anywhere and a lost end are noticed")
    func damage() throws {
        try withFolder { path in
            let folder = try RecordingFolder(path, key: key)
            let writer = try folder.make(at: wall)
            try writer.append(sound(frames: 40_000, seed: 3))
            try writer.finish()
            let file = path + "/" + writer.name
            let whole = try #require(FileManager.default.contents(atPath: file))
            func isDamaged() -> Bool {
                guard let opened = try? folder.open(writer.name) else { return true }
                return (try? opened.read(0..<opened.length)) == nil
            }
            #expect(!isDamaged())
            for place in stride(from: 0, to: whole.count, by: 4_001) {
                var changed = whole
                changed[place] ^= 1
                try changed.write(to: URL(fileURLWithPath: file))
                #expect(isDamaged(), "byte \(place)")
            }
            for count in [0, 30, 5_000, whole.count - 1] {
                try whole.prefix(count).write(to: URL(fileURLWithPath: file))
                #expect(isDamaged(), "\(count) bytes")
            }
        }
    }

    @Test("Old recordings and what was never finished are swept, others stay; no name leads out of the folder")
    func sweep() throws {
        try withFolder { path in
            let folder = try RecordingFolder(path, key: key)
            let old = try folder.make(at: wall), new = try folder.make(at: wall + .seconds(10))
            let cut = try folder.make(at: wall)
            for writer in [old, new] {
                try writer.append([1, 2])
                try writer.finish()
            }
            try cut.append([1, 2])
            try Data("x".utf8).write(to: URL(fileURLWithPath: path + "/notes.txt"))
            #expect(folder.removeAll(before: wall + .seconds(1)) == 1)
            let left = try FileManager.default.contentsOfDirectory(atPath: path)
            #expect(left.sorted() == [new.name, "notes.txt"].sorted())
            for name in ["../x", "notes.txt", "", "1-", "1-../../../../abcdef", new.name + "/"] {
                #expect(try folder.open(name) == nil)
            }
        }
    }

    @Test("The key is made once, for its owner alone, and read again; a damaged one is not replaced")
    func keyFile() throws {
        try withFolder { path in
            let folder = try RecordingFolder(path, key: key)
            _ = folder
            let file = path + "/key"
            let first = try RecordingFolder(path + "/r", key: try RecordingKey.open(file))
            let writer = try first.make(at: wall)
            try writer.append([5, 6])
            try writer.finish()
            #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
            let again = try RecordingFolder(path + "/r", key: try RecordingKey.open(file))
            #expect(try again.open(writer.name)?.length == 48)
            try Data("short".utf8).write(to: URL(fileURLWithPath: file))
            #expect(throws: RecordingFailure.self) { try RecordingKey.open(file) }
        }
    }
}
