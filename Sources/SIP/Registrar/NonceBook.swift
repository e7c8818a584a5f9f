import Kernel

/// Makes nonces and judges those that come back.
///
/// A nonce is its time, a serial number and a keyed hash of both, so that a flood of challenges costs no memory.
/// Only for nonces that came back with a right response the counters are remembered, a bounded number a user.
struct NonceBook: Sendable {
    enum Verdict: Hashable, Sendable {
        case good
        /// Too old, or of an earlier run: the phone should try again with a new one.
        case stale
        /// Not one of ours.
        case forged
    }

    /// The last counters seen with one nonce: the highest, and a bit for each of the 64 up to it.
    private struct Window: Sendable {
        let time: Int64
        let serial: UInt64
        var highest: UInt32
        var seen: UInt64
    }

    /// The nonces of one user, in the order in which they were made.
    private struct Used: Sendable {
        var windows: [Window] = []
        /// Nonces up to this one were forgotten and count as used up.
        var forgotten = (time: Int64.min, serial: UInt64.min)

        /// Where a nonce stands, or would.
        func index(_ time: Int64, _ serial: UInt64) -> Int {
            var low = 0
            var high = windows.count
            while low < high {
                let middle = (low + high) / 2
                if (windows[middle].time, windows[middle].serial) < (time, serial) {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            return low
        }
    }

    private let secret: [UInt8]
    private var serial: UInt64 = 0
    private var used: [String: Used] = [:]

    init(secret: [UInt8]) {
        self.secret = secret
    }

    mutating func make(now: Instant) -> String {
        serial += 1
        return text(time: now.milliseconds, serial: serial)
    }

    private func text(time: Int64, serial: UInt64) -> String {
        var bytes: [UInt8] = []
        ASCII.appendHex(UInt64(bitPattern: time), to: &bytes)
        ASCII.appendHex(serial, to: &bytes)
        let hash = keyedHash(secret, domain: "nonce", bytes)
        return String(decoding: bytes, as: UTF8.self) + ASCII.hex(hash.prefix(16))
    }

    /// Whether a nonce is one of ours and fresh.
    func judge(_ nonce: String, now: Instant) -> Verdict {
        guard let (time, serial) = NonceBook.parts(nonce), nonce == text(time: time, serial: serial)
        else { return .forged }
        let age = now.milliseconds - time
        return age >= 0 && age <= Limits.sipNonceLife.milliseconds ? .good : .stale
    }

    private static func parts(_ nonce: String) -> (time: Int64, serial: UInt64)? {
        let bytes = Array(nonce.utf8)
        guard bytes.count == 64, let time = ASCII.hexNumber(bytes[..<16]), let serial = ASCII.hexNumber(bytes[16..<32])
        else { return nil }
        return (Int64(bitPattern: time), serial)
    }

    /// Notes a counter; false when it was used before; without counters a nonce serves once.
    ///
    /// Between `kept` and twice as many nonces of a user are remembered.
    mutating func use(_ nonce: String, user: String, count: UInt32, kept: Int) -> Bool {
        guard let (time, serial) = NonceBook.parts(nonce) else { return false }
        // Taken out while it changes, so that it is not copied.
        var known = used.removeValue(forKey: user) ?? Used()
        defer { used[user] = known }
        let index = known.index(time, serial)
        if index < known.windows.count, known.windows[index].time == time, known.windows[index].serial == serial {
            return NonceBook.note(count, in: &known.windows[index])
        }
        guard (time, serial) > known.forgotten else { return false }
        known.windows.insert(Window(time: time, serial: serial, highest: count, seen: 1), at: index)
        if known.windows.count > 2 * kept, kept > 0 {
            let last = known.windows[kept - 1]
            known.forgotten = (last.time, last.serial)
            known.windows.removeFirst(kept)
        }
        return true
    }

    private static func note(_ count: UInt32, in window: inout Window) -> Bool {
        if count > window.highest {
            let shift = count - window.highest
            window.seen = shift >= 64 ? 1 : window.seen << UInt64(shift) | 1
            window.highest = count
            return true
        }
        let age = window.highest - count
        guard age < 64, window.seen & (1 << UInt64(age)) == 0 else { return false }
        window.seen |= 1 << UInt64(age)
        return true
    }

    /// Forgets a user who may no longer register.
    mutating func forget(_ user: String) {
        used[user] = nil
    }
}
