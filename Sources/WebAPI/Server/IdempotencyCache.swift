import ContactCenter
import Crypto
import Foundation
import Kernel
import NIOCore
import Synchronization

/// Remembers the answers to POST requests with an `Idempotency-Key`, so that a repeat does nothing twice.
///
/// In memory and of this site only: a repeat after a restart or at another site is carried out again. Keys that hold
/// across sites need a record; the access issue brings it.
final class IdempotencyCache: Sendable {
    /// What makes two requests the same.
    struct Key: Hashable, Sendable {
        var account: AccountID
        var path: String
        var key: String
    }

    /// What to do with a request.
    enum Decision: Sendable {
        /// Carry it out and tell `finish`.
        case proceed
        /// Answer as before.
        case replay(Answer)
        /// The same request is being carried out.
        case running
        /// The key was used for a request with another body.
        case mismatch
        /// It was carried out, but its answer was too long to keep.
        case done
    }

    private struct Entry {
        var fingerprint: [UInt8]
        var answer: Answer?
        var isRunning: Bool
        var at: Instant
    }

    private let clock: WebClock
    private let entries = Mutex<[Key: Entry]>([:])

    init(clock: WebClock) {
        self.clock = clock
    }

    /// Decides about a request and marks it as running when it may proceed.
    func begin(_ key: Key, body: [UInt8]) -> Decision {
        let fingerprint = Array(SHA256.hash(data: body))
        let now = clock.instant()
        return entries.withLock { entries in
            if let entry = entries[key], now - entry.at <= Limits.idempotencySpan || entry.isRunning {
                if entry.fingerprint != fingerprint { return .mismatch }
                if entry.isRunning { return .running }
                return entry.answer.map { .replay($0) } ?? .done
            }
            Self.makeRoom(&entries, now: now)
            entries[key] = Entry(fingerprint: fingerprint, answer: nil, isRunning: true, at: now)
            return .proceed
        }
    }

    /// Keeps the answer of a request that was carried out; nil forgets it, because nothing was done.
    func finish(_ key: Key, answer: Answer?) {
        entries.withLock { entries in
            guard let answer else {
                entries[key] = nil
                return
            }
            entries[key]?.isRunning = false
            let fits = answer.bytes.readableBytes <= Limits.idempotencyAnswerBytesMax
            entries[key]?.answer = fits ? answer : nil
        }
    }

    private static func makeRoom(_ entries: inout [Key: Entry], now: Instant) {
        guard entries.count >= Limits.idempotencyEntriesMax else { return }
        entries = entries.filter { $0.value.isRunning || now - $0.value.at <= Limits.idempotencySpan }
        guard entries.count >= Limits.idempotencyEntriesMax else { return }
        // Half of the finished ones go at once, so that this does not sort on every request.
        let finished = entries.filter { !$0.value.isRunning }.sorted { $0.value.at < $1.value.at }
        for (key, _) in finished.prefix(finished.count / 2 + 1) { entries[key] = nil }
    }
}
