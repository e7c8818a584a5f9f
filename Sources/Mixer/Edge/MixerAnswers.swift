import Kernel
import Transport

/// Answers to requests that may come again: the same request is done once, and answered as often as it comes.
struct MixerAnswers {
    private struct Key: Hashable {
        var cookie: [UInt8]
        var sender: SocketAddress
    }

    private var answers: [Key: [UInt8]] = [:]
    private var line: [(key: Key, at: Instant)] = []

    /// What was answered to this request before.
    func answer(to cookie: [UInt8], from sender: SocketAddress) -> [UInt8]? {
        answers[Key(cookie: cookie, sender: sender)]
    }

    /// Remembers an answer for a while.
    mutating func remember(_ bytes: [UInt8], to cookie: [UInt8], from sender: SocketAddress, at now: Instant) {
        let old = line.prefix { now - $0.at > Limits.mixerAnswerKeep }.count
        let many = line.count >= Limits.mixerAnswersMax ? max(old, line.count / 4) : old
        for entry in line.prefix(many) { answers[entry.key] = nil }
        line.removeFirst(many)
        let key = Key(cookie: cookie, sender: sender)
        answers[key] = bytes
        line.append((key, now))
    }
}
