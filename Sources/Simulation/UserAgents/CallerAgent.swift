package import Kernel
package import SIP

/// Somebody who dials, waits as long as patience lasts, talks, and may hang up first.
///
/// Drives one leg of an endpoint that it does not own, so that one socket serves thousands of callers.
package struct CallerAgent: Sendable {
    /// What the caller is going to do.
    package struct Plan: Hashable, Sendable {
        /// The leg: an even number, unique in the endpoint.
        package var leg: SIPLegID
        /// The number to dial.
        package var dialled: String
        /// The caller's own number.
        package var number: String
        /// The caller's name, empty for none.
        package var displayName: String
        /// The site to dial at.
        package var target: SIPAddress
        /// How to reach it.
        package var transport: SIPTransport
        /// Where the caller wants the sound.
        package var media: SIPAddress
        /// How long the caller waits for an answer.
        package var patience: Span
        /// When the caller hangs up, counted from the answer; nil leaves that to the other side.
        package var talk: Span?

        /// Makes a plan.
        package init(
            leg: SIPLegID,
            dialled: String,
            number: String,
            displayName: String = "",
            target: SIPAddress,
            transport: SIPTransport = .udp,
            media: SIPAddress,
            patience: Span,
            talk: Span?
        ) {
            self.leg = leg
            self.dialled = dialled
            self.number = number
            self.displayName = displayName
            self.target = target
            self.transport = transport
            self.media = media
            self.patience = patience
            self.talk = talk
        }
    }

    /// How far the call has come.
    package enum State: Hashable, Sendable {
        /// Not dialled yet.
        case idle
        /// Dialled; not answered.
        case waiting
        /// Answered.
        case talking
        /// Over.
        case over(Outcome)
    }

    /// How the call ended.
    package enum Outcome: Hashable, Sendable {
        /// Answered, then ended by the caller.
        case hungUp
        /// Answered, then ended by the other side.
        case hungUpByPeer
        /// Answered, then lost: no acknowledgement, no connection.
        case lost
        /// The caller's patience ended first.
        case abandoned
        /// Refused or not reachable, with the status.
        case failed(Int)
    }

    /// What the caller is going to do.
    package let plan: Plan
    /// How far the call has come.
    package private(set) var state = State.idle
    /// The last progress that was reported: 180 ringing, 182 queued.
    package private(set) var progress: Int?
    /// How long the caller waited for the answer, or until giving up.
    package private(set) var waited = Span.zero
    /// How long both sides talked.
    package private(set) var talked = Span.zero
    /// When `advance` is due.
    package private(set) var nextDeadline: Instant?
    private var session: SessionText
    private var since = Instant.zero

    /// Makes a caller who has not dialled yet.
    package init(_ plan: Plan) {
        self.plan = plan
        session = SessionText(media: plan.media, session: plan.leg.number)
    }

    /// How the call ended; nil while it goes on.
    package var outcome: Outcome? {
        if case .over(let outcome) = state { outcome } else { nil }
    }

    /// Dials.
    package mutating func start(now: Moment) -> [SIPCommand] {
        guard state == .idle else { return [] }
        state = .waiting
        since = now.instant
        nextDeadline = now.instant + plan.patience
        let invitation = SIPInvitation(
            target: .address(user: plan.dialled, plan.target, plan.transport),
            from: plan.number,
            displayName: plan.displayName,
            sdp: session.offer()
        )
        return [.invite(plan.leg, invitation)]
    }

    /// Takes an event of the caller's leg.
    package mutating func handle(_ event: SIPEvent, now: Moment) -> [SIPCommand] {
        switch event {
        case .ringing(_, let status, _): progress = status
        case .answered:
            guard state == .waiting else { return [] }
            state = .talking
            waited = now.instant - since
            since = now.instant
            nextDeadline = plan.talk.map { now.instant + $0 }
        case .failed(_, let status, _): finish(.failed(status), now)
        case .ended(_, .remoteHangUp): finish(.hungUpByPeer, now)
        case .ended: finish(.lost, now)
        case .reoffered(let leg, let offer): return [.answerReoffer(leg, sdp: session.answer(to: offer))]
        default: break
        }
        return []
    }

    /// Gives up or hangs up when it is time.
    package mutating func advance(now: Moment) -> [SIPCommand] {
        guard let at = nextDeadline, at <= now.instant else { return [] }
        return stop(now: now)
    }

    /// Ends the call at once, whatever its state.
    package mutating func stop(now: Moment) -> [SIPCommand] {
        switch state {
        case .waiting:
            finish(.abandoned, now)
            return [.cancel(plan.leg)]
        case .talking:
            finish(.hungUp, now)
            return [.hangUp(plan.leg, reason: nil)]
        case .idle, .over: return []
        }
    }

    private mutating func finish(_ outcome: Outcome, _ now: Moment) {
        if state == .waiting { waited = now.instant - since }
        if state == .talking { talked = now.instant - since }
        state = .over(outcome)
        nextDeadline = nil
    }
}
