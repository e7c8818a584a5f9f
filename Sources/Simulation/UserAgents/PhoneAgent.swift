package import Kernel
package import SIP

/// An agent's phone and the hand beside it: registers, rings, answers or does not, may hang up first.
///
/// Works on an endpoint that it does not own; the owner brings it the events of its user and of its leg.
package struct PhoneAgent: Sendable {
    /// Who the phone is.
    package struct Account: Hashable, Sendable {
        /// The SIP user.
        package var user: String
        /// The password.
        package var password: String
        /// The site to register at.
        package var registrar: SIPAddress
        /// How to reach it.
        package var transport: SIPTransport
        /// Where the phone wants the sound.
        package var media: SIPAddress

        /// Makes an account.
        package init(
            user: String,
            password: String,
            registrar: SIPAddress,
            transport: SIPTransport = .udp,
            media: SIPAddress
        ) {
            self.user = user
            self.password = password
            self.registrar = registrar
            self.transport = transport
            self.media = media
        }
    }

    /// What the hand does with a call.
    package struct Habits: Hashable, Sendable {
        /// How long it rings before the hand acts, in milliseconds.
        package var answerAfter: ClosedRange<Int64>
        /// How many of a hundred calls are left ringing.
        package var ignoredPercent: UInt64
        /// How many of a hundred calls are refused with 486.
        package var refusedPercent: UInt64
        /// When the hand hangs up, in milliseconds from the answer; nil leaves that to the caller.
        package var hangUpAfter: ClosedRange<Int64>?
        /// How long registrations last.
        package var registrationTime: Span

        /// Makes habits; the usual ones answer within two seconds and let the caller hang up.
        package init(
            answerAfter: ClosedRange<Int64> = 500...2_000,
            ignoredPercent: UInt64 = 0,
            refusedPercent: UInt64 = 0,
            hangUpAfter: ClosedRange<Int64>? = nil,
            registrationTime: Span = .minutes(10)
        ) {
            self.answerAfter = answerAfter
            self.ignoredPercent = ignoredPercent
            self.refusedPercent = refusedPercent
            self.hangUpAfter = hangUpAfter
            self.registrationTime = registrationTime
        }
    }

    /// What the phone is doing.
    package enum State: Hashable, Sendable {
        /// On the hook.
        case idle
        /// Ringing.
        case ringing(SIPLegID)
        /// Off the hook, talking.
        case talking(SIPLegID)
    }

    /// Who the phone is.
    package let account: Account
    /// What the hand does.
    package let habits: Habits
    /// What the phone is doing.
    package private(set) var state = State.idle
    /// Whether the site has accepted the registration.
    package private(set) var isRegistered = false
    /// Calls answered.
    package private(set) var answered = 0
    /// Calls that rang and were not answered.
    package private(set) var missed = 0
    /// Calls that came while the phone was in use: a site should never send one.
    package private(set) var collisions = 0
    /// When `advance` is due.
    package private(set) var nextDeadline: Instant?
    private var isStopped = false
    private var isRefusing = false
    private var session: SessionText
    private var offer: [UInt8]?
    private var random: SeededRandom

    /// Makes a phone that is not registered yet.
    package init(_ account: Account, habits: Habits, random: SeededRandom) {
        self.account = account
        self.habits = habits
        self.random = random
        session = SessionText(media: account.media, session: 0)
    }

    /// The leg of the call that rings or is answered.
    package var leg: SIPLegID? {
        switch state {
        case .idle: nil
        case .ringing(let leg), .talking(let leg): leg
        }
    }

    /// Registers; the endpoint keeps the registration alive.
    package func start() -> [SIPCommand] {
        [registration(for: habits.registrationTime)]
    }

    /// Ends the call and the registration.
    package mutating func stop() -> [SIPCommand] {
        var commands: [SIPCommand] = []
        if let leg { commands.append(.hangUp(leg, reason: nil)) }
        hookOn()
        isStopped = true
        isRegistered = false
        return commands + [registration(for: .zero)]
    }

    private func registration(for time: Span) -> SIPCommand {
        .register(
            SIPRegistration(
                user: account.user,
                password: account.password,
                registrar: account.registrar,
                transport: account.transport,
                expires: time
            )
        )
    }

    /// Takes an event of the phone's user or leg.
    package mutating func handle(_ event: SIPEvent, now: Moment) -> [SIPCommand] {
        switch event {
        case .registrationResult(_, let status): isRegistered = !isStopped && (200..<300).contains(status)
        case .incomingCall(let call): return ring(call, now)
        case .cancelled:
            missed += 1
            hookOn()
        case .ended: hookOn()
        case .reoffered(let leg, let offer): return [.answerReoffer(leg, sdp: session.answer(to: offer))]
        default: break
        }
        return []
    }

    private mutating func ring(_ call: SIPIncomingCall, _ now: Moment) -> [SIPCommand] {
        guard state == .idle else {
            collisions += 1
            return [.reject(call.leg, status: 486, reason: nil, headers: [])]
        }
        state = .ringing(call.leg)
        offer = call.sdp
        session = SessionText(media: account.media, session: random.next() >> 1)
        let chance = random.next() % 100
        isRefusing = chance < habits.refusedPercent
        let isIgnored = !isRefusing && chance < habits.refusedPercent + habits.ignoredPercent
        let delay = Span.milliseconds(Int64.random(in: habits.answerAfter, using: &random))
        nextDeadline = isIgnored ? nil : now.instant + delay
        return [.ring(call.leg, status: 180, sdp: nil)]
    }

    /// Answers, refuses or hangs up when it is time.
    package mutating func advance(now: Moment) -> [SIPCommand] {
        guard let at = nextDeadline, at <= now.instant else { return [] }
        nextDeadline = nil
        switch state {
        case .idle: return []
        case .ringing(let leg):
            if isRefusing {
                missed += 1
                hookOn()
                return [.reject(leg, status: 486, reason: nil, headers: [])]
            }
            state = .talking(leg)
            answered += 1
            if let range = habits.hangUpAfter {
                nextDeadline = now.instant + .milliseconds(Int64.random(in: range, using: &random))
            }
            return [.answer(leg, sdp: session.answer(to: offer))]
        case .talking(let leg):
            hookOn()
            return [.hangUp(leg, reason: nil)]
        }
    }

    private mutating func hookOn() {
        state = .idle
        nextDeadline = nil
        offer = nil
    }
}
