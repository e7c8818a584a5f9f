import Kernel

/// Slows down guessing of passwords.
///
/// Failures count per account and address together, so that nobody can lock out a colleague from elsewhere, and per
/// address over all accounts, so that one machine cannot try one password on everybody. Nothing is remembered for
/// longer than `Limits.loginForgetSpan` or beyond `Limits.loginEntriesMax` pairs.
struct LoginThrottle {
    private struct Key: Hashable {
        var account: String?
        var address: String
    }

    private struct Failures {
        var count: Int
        var last: Instant
    }

    private var failures: [Key: Failures] = [:]

    /// How long this try has to wait; nil when it may go on.
    mutating func wait(account: String, address: String, now: Instant) -> Span? {
        let own = remaining(Key(account: account, address: address), free: Limits.loginFailuresFree, now: now)
        let shared = remaining(Key(account: nil, address: address), free: Limits.loginFailuresPerAddress, now: now)
        return [own, shared].compactMap(\.self).max()
    }

    /// Counts a try, as if the password were wrong; `succeeded` takes it back.
    mutating func failed(account: String, address: String, now: Instant) {
        for key in [Key(account: account, address: address), Key(account: nil, address: address)] {
            if failures[key] == nil { makeRoom(now: now) }
            let count = failures[key].map { isForgotten($0, now: now) ? 0 : $0.count } ?? 0
            failures[key] = Failures(count: count + 1, last: now)
        }
    }

    /// Forgets the failures of an account that signed in.
    ///
    /// The address keeps those of others: only this try was none, or an office behind one address would lock itself out
    /// by the beginning of its own shift.
    mutating func succeeded(account: String, address: String) {
        failures[Key(account: account, address: address)] = nil
        let shared = Key(account: nil, address: address)
        guard let entry = failures[shared] else { return }
        failures[shared] = entry.count > 1 ? Failures(count: entry.count - 1, last: entry.last) : nil
    }

    private func remaining(_ key: Key, free: Int, now: Instant) -> Span? {
        guard let entry = failures[key], !isForgotten(entry, now: now), entry.count >= free else { return nil }
        // 1, 2, 4 … seconds after the free ones.
        let doublings = min(entry.count - free, 20)
        let wait = min(Span.seconds(1 << doublings), Limits.loginWaitMax)
        let left = entry.last + wait - now
        return left > .zero ? left : nil
    }

    private func isForgotten(_ entry: Failures, now: Instant) -> Bool {
        now - entry.last > Limits.loginForgetSpan
    }

    private mutating func makeRoom(now: Instant) {
        guard failures.count >= Limits.loginEntriesMax else { return }
        failures = failures.filter { !isForgotten($0.value, now: now) }
        guard failures.count >= Limits.loginEntriesMax,
            let oldest = failures.min(by: { $0.value.last < $1.value.last })?.key
        else { return }
        failures[oldest] = nil
    }
}
