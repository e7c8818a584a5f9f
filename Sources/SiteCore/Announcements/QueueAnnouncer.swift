package import Calls
package import ContactCenter
package import Kernel
package import Routing

/// What one waiting caller hears, and when.
///
/// First the welcome and, when the call may be recorded, the notice; then music. Place and wait are told as soon as
/// they are known, and again every so often if they have changed; unchanged ones half as often, and as often a word of
/// patience when nothing is known. A callback is offered when it is time, and again with each announcement after that.
/// What is said replaces the music, which comes back
/// when the relay's word of its length says that it is over.
///
/// A value: inputs go in with the time, outputs come out. Whoever owns it ends it when the caller waits no longer.
package struct QueueAnnouncer: Hashable, Sendable {
    /// What its queue and caller ask for.
    package struct Settings: Hashable, Sendable {
        /// In which language to speak.
        package var language: SpokenLanguage
        /// How often to tell place and wait.
        package var announceEvery: Span
        /// Whether to say that the call may be recorded.
        package var tellsOfRecording: Bool
        /// After how long to offer a callback; nil for never by time.
        package var callbackOfferAfter: Span?

        /// Makes settings; a queue's rules as they stand, and the language of the customer's file where it is spoken.
        package init(
            _ rules: LineRules,
            customerLanguage: String? = nil,
            isRecorded: Bool = false,
            callbackOfferAfter: Span? = nil
        ) {
            language = customerLanguage.flatMap { SpokenLanguage(tag: $0) } ?? rules.language
            let bounds = (Span.seconds(Limits.announceEveryMin), Span.seconds(Limits.announceEveryMax))
            announceEvery = min(max(rules.announceEvery, bounds.0), bounds.1)
            tellsOfRecording = isRecorded && rules.recordingNotice
            self.callbackOfferAfter = callbackOfferAfter
        }
    }

    /// What it wants done.
    package enum Output: Hashable, Sendable {
        /// Play these to the caller, in place of what is played; then say `playing` or `failed`.
        case play([MediaClip], isRepeated: Bool)
        /// The caller wants to be called back; say `callbackBooked` or `callbackRefused` then.
        case wantsCallback
        /// The caller has heard that it will be called back: the line can be ended.
        case callbackConfirmed
        /// The caller has heard why the centre hangs up: it can.
        case closed
    }

    private enum Phase: Hashable, Sendable {
        /// The caller hears nothing of ours yet.
        case silent
        /// Clips were handed out; nothing is known of them before this.
        case speaking(until: Instant)
        case music
        /// The last word is said: that the callback is booked, or why the centre hangs up.
        case leaving(until: Instant)
        case over
    }

    private struct Facts: Hashable, Sendable {
        var place: PlacePhrase?
        var wait: WaitPhrase?
    }

    private enum Callback: Hashable, Sendable {
        case none, offered, wanted, booked
    }

    private let settings: Settings
    private var phase = Phase.silent
    private var welcomedAt: Instant?
    private var facts: Facts?
    private var told: Facts?
    private var toldAt: Instant?
    private var callback = Callback.none
    private var isOfferSaid = false
    private var isClosing = false
    private var offerAt: Instant?

    /// Makes one for a caller who has waited since `began`.
    package init(_ settings: Settings, began: Moment) {
        self.settings = settings
        offerAt = settings.callbackOfferAfter.map { began.instant + min(max($0, .zero), Limits.callWaitMax) }
    }

    /// When `advance` is next due.
    package var nextDeadline: Instant? {
        switch phase {
        case .silent, .over: nil
        case .speaking(let until), .leaving(let until): until
        case .music: nextSpeech
        }
    }

    /// Whether the caller may press 1 for a callback.
    package var offersCallback: Bool { callback == .offered }

    /// Whether the caller has pressed 1 and waits for word of the callback.
    package var awaitsCallback: Bool { callback == .wanted }

    // MARK: Inputs

    /// The caller hears what is played from now on.
    package mutating func start(now: Moment) -> [Output] {
        guard phase == .silent else { return [] }
        return speak(now)
    }

    /// Learns the caller's place, 1 for the next, and how long it may wait; nil when nobody can tell.
    package mutating func learn(position: Int, estimate: WaitEstimate?, now: Moment) -> [Output] {
        let known = Facts(place: PlacePhrase(position: position), wait: estimate.map { WaitPhrase($0) })
        facts = known.place == nil && known.wait == nil ? nil : known
        return advance(now: now)
    }

    /// What was handed out last is being played, for so long.
    package mutating func playing(_ span: Span, now: Moment) {
        let end = now.instant + min(max(span, .zero), Limits.announcementMax)
        switch phase {
        case .speaking: phase = .speaking(until: end)
        case .leaving: phase = .leaving(until: end)
        case .silent, .music, .over: break
        }
    }

    /// What was handed out last cannot be played: it is skipped.
    package mutating func failed(now: Moment) -> [Output] {
        switch phase {
        case .speaking:
            phase = .speaking(until: now.instant)
            return advance(now: now)
        case .leaving:
            phase = .leaving(until: now.instant)
            return advance(now: now)
        case .silent, .music, .over: return []
        }
    }

    /// A callback may be offered from now on, by a rule of the queue.
    package mutating func offerCallback(now: Moment) -> [Output] {
        guard callback == .none else { return [] }
        callback = .offered
        return advance(now: now)
    }

    /// The caller pressed a key; only what was offered counts.
    package mutating func digit(_ key: Character, now: Moment) -> [Output] {
        guard key == "1", callback == .offered, isOfferSaid else { return [] }
        callback = .wanted
        return [.wantsCallback]
    }

    /// The callback is certain: the caller hears so, then the line can be ended.
    package mutating func callbackBooked(now: Moment) -> [Output] {
        guard callback == .wanted else { return [] }
        callback = .booked
        phase = .leaving(until: now.instant + Limits.announcementWordMax)
        return [.play([.said(.callbackConfirmed, in: settings.language)], isRepeated: false)]
    }

    /// There can be no callback: the caller goes on waiting and is not offered one again.
    package mutating func callbackRefused(now: Moment) -> [Output] {
        guard callback == .wanted else { return [] }
        callback = .booked
        return advance(now: now)
    }

    /// The centre is about to hang up: the caller hears why, and nothing else any more.
    package mutating func close(_ announcement: ClosingAnnouncement, now: Moment) -> [Output] {
        switch phase {
        case .leaving, .over: return []
        case .silent, .speaking, .music: break
        }
        isClosing = true
        phase = .leaving(until: now.instant + Limits.announcementWordMax)
        return [.play([.closing(announcement, in: settings.language)], isRepeated: false)]
    }

    /// Says what is due.
    package mutating func advance(now: Moment) -> [Output] {
        switch phase {
        case .silent, .over: return []
        case .leaving(let until):
            guard until <= now.instant else { return [] }
            phase = .over
            return [isClosing ? .closed : .callbackConfirmed]
        case .speaking(let until):
            return until <= now.instant ? speak(now) : []
        case .music:
            guard let due = nextSpeech, due <= now.instant else { return [] }
            return speak(now)
        }
    }

    // MARK: What is due

    /// When there is something to say again; music goes on until then.
    private var nextSpeech: Instant? {
        // Somebody who has asked for a callback waits for the word on it alone.
        guard callback != .wanted else { return nil }
        let offer: Instant? =
            switch callback {
            case .none: offerAt
            case .offered: isOfferSaid ? nil : .zero
            case .wanted, .booked: nil
            }
        return [offer, nextTelling].compactMap { $0 }.min()
    }

    private var nextTelling: Instant? {
        // Where nothing is known there is a word now and then that the line is not dead.
        guard let facts else { return (toldAt ?? welcomedAt).map { $0 + settings.announceEvery * 2 } }
        guard let told, let toldAt else { return .zero }
        return toldAt + settings.announceEvery * (facts == told ? 2 : 1)
    }

    private func said(_ facts: Facts?) -> [MediaClip] {
        guard let facts else { return [.said(.allBusy, in: settings.language)] }
        return (facts.place?.clips(in: settings.language) ?? []) + (facts.wait?.clips(in: settings.language) ?? [])
    }

    /// Says all that is due, or plays music when nothing is.
    private mutating func speak(_ now: Moment) -> [Output] {
        var clips: [MediaClip] = []
        if welcomedAt == nil {
            welcomedAt = now.instant
            clips.append(.said(.welcome, in: settings.language))
            if settings.tellsOfRecording { clips.append(.said(.recordingNotice, in: settings.language)) }
        }
        if callback == .none, let offerAt, offerAt <= now.instant { callback = .offered }
        if callback != .wanted {
            let tells = nextTelling.map { $0 <= now.instant } ?? false
            if tells {
                clips += said(facts)
                told = facts ?? told
                toldAt = now.instant
            }
            if callback == .offered, tells || !isOfferSaid {
                isOfferSaid = true
                clips.append(.said(.callbackOffer, in: settings.language))
            }
        }
        guard !clips.isEmpty else {
            phase = .music
            return [.play([.music], isRepeated: true)]
        }
        phase = .speaking(until: now.instant + Limits.announcementWordMax)
        return [.play(clips, isRepeated: false)]
    }
}
