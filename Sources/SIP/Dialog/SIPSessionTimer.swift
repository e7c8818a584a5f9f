import Kernel

/// When an answered call must be refreshed, and when it counts as gone (RFC 4028 §10).
struct SIPSessionTimer: Sendable {
    let seconds: Int32
    /// Whether we refresh; else the peer does.
    let isOurs: Bool
    /// When we refresh next; nil while a refresh is on its way, and when the peer refreshes.
    var refreshAt: Instant?
    let endsAt: Instant

    init(seconds: Int, isOurs: Bool, now: Instant) {
        self.seconds = Int32(clamping: seconds)
        self.isOurs = isOurs
        let whole = Int64(self.seconds) * 1_000
        refreshAt = isOurs ? now + .milliseconds(whole / 2) : nil
        // BYE goes out a little before the session ends: a third of it, at most 32 s.
        endsAt = now + .milliseconds(whole - min(32_000, whole / 3))
    }

    var deadline: Instant { earlier(refreshAt, endsAt) ?? endsAt }
}

/// What a request says about the session timer.
struct SIPSessionWish: Sendable {
    /// The interval asked for; nil for none.
    var seconds: Int32?
    /// The shortest interval that somebody on the way accepts.
    var least: Int32 = 0
    /// Who shall refresh: the sender of the request, or we; nil leaves it to us.
    var isSendersTask: Bool?
    /// Whether the sender knows session timers.
    var isSupported = false

    init() {}

    init(_ message: SIPMessage) {
        isSupported = message.lists(.supported, "timer") || message.lists(.require, "timer")
        least = Int32(clamping: message.first(.minSE).flatMap(SIPSessionWish.seconds) ?? 0)
        guard let value = message.first(.sessionExpires), let number = SIPSessionWish.seconds(value) else { return }
        seconds = Int32(clamping: number)
        let end = value.firstIndex(of: ASCII.semicolon) ?? value.endIndex
        guard let refresher = SIPParameters(bytes: value[end...])["refresher"] else { return }
        if refresher.matches("uac") { isSendersTask = true }
        if refresher.matches("uas") { isSendersTask = false }
    }

    /// The number that Session-Expires and Min-SE start with.
    static func seconds(_ value: Bytes) -> Int? {
        value[..<(value.firstIndex(of: ASCII.semicolon) ?? value.endIndex)].trimmed.decimal
    }
}
