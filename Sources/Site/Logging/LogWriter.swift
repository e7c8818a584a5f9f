import Foundation
import Glibc
import Kernel
import Synchronization

/// Writes log lines on a thread of its own, so that whoever reads the log slowly, or not at all, holds up no call.
///
/// Lines wait in a bounded queue. When it is full, new ones are counted instead, and the log says how many are missing
/// as soon as it moves again. A reader that has gone away, or a full disk, costs the lines and nothing else.
package final class LogWriter: Sendable {
    private enum Item {
        case line(@Sendable () -> String)
        /// Everything before it has been written.
        case mark(DispatchSemaphore)
    }

    private struct State {
        var waiting: [Item] = []
        var missing = 0
        var isClosed = false
    }

    private let descriptor: Int32
    private let waitingMax: Int
    private let missingLine: @Sendable (Int) -> String
    private let state = Mutex(State())
    private let bell = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    /// Starts the thread.
    ///
    /// `missingLine` words the line that tells how many are missing; the descriptor stays the caller's to close.
    package init(
        descriptor: Int32,
        waitingMax: Int = Limits.logLinesWaitingMax,
        missingLine: @escaping @Sendable (Int) -> String
    ) {
        self.descriptor = descriptor
        self.waitingMax = waitingMax
        self.missingLine = missingLine
        let thread = Thread { [self] in run() }
        thread.name = "log"
        thread.start()
    }

    /// Takes a line that ends with a line feed; it is made on the writer's thread.
    ///
    /// Never waits for the reader. Lines that matter, such as those of the audit, find room where the others, which
    /// are many, find none any more.
    package func put(matters: Bool = false, _ line: @escaping @Sendable () -> String) {
        let isFirst = state.withLock { state in
            guard state.waiting.count < (matters ? 2 * waitingMax : waitingMax) else {
                state.missing += 1
                return false
            }
            state.waiting.append(.line(line))
            return state.waiting.count == 1
        }
        if isFirst { bell.signal() }
    }

    /// Waits until what was put so far is written, within what is bearable at the end of a process; false when it is
    /// not written by then.
    @discardableResult
    package func flush(within seconds: Double = Limits.logFlushSeconds) -> Bool {
        let written = DispatchSemaphore(value: 0)
        state.withLock { $0.waiting.append(.mark(written)) }
        bell.signal()
        return written.wait(timeout: .now() + seconds) == .success
    }

    /// Ends the thread once what was put is written, and waits for that as `flush` does; false when it still writes.
    ///
    /// The descriptor may be closed when this returns true.
    @discardableResult
    package func close(within seconds: Double = Limits.logFlushSeconds) -> Bool {
        state.withLock { $0.isClosed = true }
        bell.signal()
        return ended.wait(timeout: .now() + seconds) == .success
    }

    private func run() {
        // A reader that has gone away is an error of `write` and not the end of the process.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        while true {
            bell.wait()
            let (items, missing, isClosed) = state.withLock { state in
                defer { (state.waiting, state.missing) = ([], 0) }
                return (state.waiting, state.missing, state.isClosed)
            }
            write(items, missing: missing)
            if isClosed { break }
        }
        ended.signal()
    }

    /// Writes in pieces, so that a burst neither costs a system call a line nor is held in memory twice.
    private func write(_ items: [Item], missing: Int) {
        var piece = Piece()
        for item in items {
            switch item {
            case .line(let make): piece.add(make())
            case .mark(let semaphore):
                send(&piece)
                semaphore.signal()
            }
            if piece.bytes.count >= Limits.logPieceBytes { send(&piece) }
        }
        if missing > 0 { piece.add(missingLine(missing), standsFor: missing) }
        send(&piece)
    }

    /// Lines that are written in one go.
    private struct Piece {
        var bytes: [UInt8] = []
        /// How many lines are missing if it is not written.
        var lines = 0

        mutating func add(_ line: String, standsFor count: Int = 1) {
            bytes += line.utf8
            lines += count
        }
    }

    /// What the disk or the reader does not take is missing, and told when they take something again.
    private func send(_ piece: inout Piece) {
        let lines = piece.lines
        if !piece.bytes.withUnsafeBytes(writeAll) { state.withLock { $0.missing += lines } }
        piece.bytes.removeAll(keepingCapacity: true)
        piece.lines = 0
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var start = 0
        while start < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
            if count >= 0 {
                start += count
            } else if errno == EAGAIN {
                var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wanted, 1, -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
