import Foundation
import Glibc
import Synchronization
import Testing

@testable import Site

/// The log's own thread.
@Suite struct LogWriterTests {
    /// A pipe; `read` is closed by whoever plays the reader.
    private struct Pipe {
        let read: Int32
        let write: Int32

        init() throws {
            var ends: [Int32] = [0, 0]
            try #require(Glibc.pipe(&ends) == 0)
            (read, write) = (ends[0], ends[1])
        }

        /// Everything until the writing end is closed.
        func readAll() -> String {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = Glibc.read(read, &buffer, buffer.count)
                guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
                bytes += buffer[..<count]
            }
        }
    }

    @Test("Lines are written whole and in their order, and a flush waits for them")
    func order() throws {
        let pipe = try Pipe()
        let writer = LogWriter(descriptor: pipe.write) { "missing \($0)\n" }
        for number in 1...500 { writer.put { "line \(number)\n" } }
        #expect(writer.flush(within: 30))
        #expect(writer.close(within: 30))
        close(pipe.write)
        #expect(pipe.readAll() == (1...500).map { "line \($0)\n" }.joined())
        close(pipe.read)
    }

    @Test("Nobody waits for a reader who does not read; the log says how many lines are missing, none that matters")
    func stalledReader() throws {
        let pipe = try Pipe()
        let writer = LogWriter(descriptor: pipe.write, waitingMax: 10) { "missing \($0)\n" }
        let long = String(repeating: "x", count: 200_000) + "\n"
        // More than the pipe holds: once some of it has come, the thread is stuck in the rest.
        writer.put { long }
        var some = pollfd(fd: pipe.read, events: Int16(POLLIN), revents: 0)
        #expect(poll(&some, 1, 30_000) == 1)
        for number in 1...50 { writer.put { "line \(number)\n" } }
        for number in 1...5 { writer.put(matters: true) { "audit \(number)\n" } }
        #expect(!writer.flush(within: 0.05))
        let text = Mutex("")
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            let all = pipe.readAll()
            text.withLock { $0 = all }
            ended.signal()
        }
        #expect(writer.flush(within: 30))
        #expect(writer.close(within: 30))
        close(pipe.write)
        ended.wait()
        let lines = text.withLock { $0 }.split(separator: "\n").map(String.init)
        #expect(lines.first?.count == 200_000)
        let expected = (1...10).map { "line \($0)" } + (1...5).map { "audit \($0)" } + ["missing 40"]
        #expect(Array(lines.dropFirst()) == expected)
        close(pipe.read)
    }

    @Test("What a full disk did not take is told when it takes something again")
    func fullDisk() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "tandem-log-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        let writer = LogWriter(descriptor: full) { "missing \($0)\n" }
        for number in 1...3 { writer.put { "line \(number)\n" } }
        #expect(writer.flush(within: 30))
        // The disk has room again.
        let file = open(path, O_WRONLY | O_CREAT, 0o600)
        try #require(file >= 0 && dup2(file, full) == full)
        writer.put { "line 4\n" }
        #expect(writer.flush(within: 30))
        writer.put { "line 5\n" }
        #expect(writer.flush(within: 30))
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines == ["line 4", "missing 3", "line 5"])
        #expect(writer.close(within: 30))
    }

    @Test("A reader who has gone away costs the lines and nothing else")
    func goneReader() throws {
        let pipe = try Pipe()
        close(pipe.read)
        let writer = LogWriter(descriptor: pipe.write) { "missing \($0)\n" }
        for _ in 1...100 { writer.put { "line\n" } }
        #expect(writer.flush(within: 30))
        #expect(writer.close(within: 30))
        close(pipe.write)
    }
}
