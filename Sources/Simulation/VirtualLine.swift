import Kernel
import SIP

/// The sound of one call at a virtual telephone: what it has said last, and what it was told last.
struct VirtualLine: Hashable, Sendable {
    /// Where the telephone wants its sound; no other line has the same.
    let media: SIPAddress
    /// Whether the person has pressed the hold button.
    var holds = false
    /// A change that the telephone has asked for and nobody has answered.
    private(set) var isChanging = false
    /// When what it says or was told last changed.
    private(set) var changedAt: Instant
    private var text: SessionText
    private var said: [UInt8]?
    private var heard: [UInt8]?
    /// Whether the button was pressed before the change under way.
    private var heldBefore = false
    /// What is said if the other side takes it.
    private var proposed: [UInt8]?

    init(media: SIPAddress, session: UInt64, now: Instant) {
        self.media = media
        changedAt = now
        text = SessionText(media: media, session: session)
    }

    /// Where it sends sound; nil while it sends none.
    var sendsTo: SIPAddress? {
        guard let said, let heard, [.sendrecv, .sendonly].contains(SessionText.direction(of: said)),
            [.sendrecv, .recvonly].contains(SessionText.direction(of: heard))
        else { return nil }
        return SessionText.media(in: heard)
    }

    /// Where it takes sound from; nil while it takes none.
    var hears: SIPAddress? {
        guard let said, let heard, [.sendrecv, .recvonly].contains(SessionText.direction(of: said)),
            [.sendrecv, .sendonly].contains(SessionText.direction(of: heard))
        else { return nil }
        return SessionText.media(in: heard)
    }

    /// Whom it was told of last, on hold or not.
    var other: SIPAddress? { heard.flatMap(SessionText.media) }

    // MARK: Beginning a call

    /// The first offer of a call that the telephone places.
    mutating func invite(now: Instant) -> [UInt8] {
        let offer = text.offer()
        proposed = offer
        changedAt = now
        return offer
    }

    /// The call came in with an offer, or with none.
    mutating func called(with offer: [UInt8]?, now: Instant) {
        heard = offer
        changedAt = now
    }

    /// Answers the call: an answer to its offer, or an offer of our own.
    mutating func answer(now: Instant) -> [UInt8] {
        let session = text.answer(to: heard, holds: holds)
        said = session
        changedAt = now
        return session
    }

    // MARK: Changes

    /// The other side answered what the telephone offered.
    mutating func agreed(_ answer: [UInt8], now: Instant) {
        if let proposed { said = proposed }
        proposed = nil
        isChanging = false
        if !answer.isEmpty { heard = answer }
        changedAt = now
    }

    /// The other side would not have the change.
    mutating func refused() {
        proposed = nil
        isChanging = false
        holds = heldBefore
    }

    /// Asks for a change: hold, or the end of it.
    mutating func turn(holds: Bool, now: Instant) -> [UInt8]? {
        guard !isChanging else { return nil }
        heldBefore = self.holds
        self.holds = holds
        isChanging = true
        let offer = text.offer(holds ? .sendonly : .sendrecv)
        proposed = offer
        return offer
    }

    /// The other side offers a change, or asks for an offer.
    mutating func reoffered(_ offer: [UInt8]?, now: Instant) -> [UInt8] {
        let session = text.answer(to: offer, holds: holds)
        said = session
        if let offer { heard = offer }
        changedAt = now
        return session
    }

    /// The other side's answer to an offer that the telephone made when it was asked for one.
    mutating func acknowledged(_ answer: [UInt8], now: Instant) {
        heard = answer
        changedAt = now
    }
}
