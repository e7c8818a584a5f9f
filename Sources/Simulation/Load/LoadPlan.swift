package import Kernel
package import SIP

/// What a load run does: how often it dials, what callers and phones are like.
package struct LoadPlan: Sendable {
    /// Calls a second.
    package var rate: Double
    /// Whether calls come by chance (Poisson) or evenly.
    package var isRandomArrival: Bool
    /// For how long new calls are dialled; nil: until `stop`.
    package var duration: Span?
    /// How many calls are dialled at most; nil: no bound.
    package var callsMax: Int?
    /// How many calls may be open at one time; more are counted as skipped.
    package var openMax: Int
    /// The sites to dial at, in turn.
    package var targets: [SIPAddress]
    /// How to reach them.
    package var transport: SIPTransport
    /// The numbers to dial, in turn.
    package var dialled: [String]
    /// The callers' own numbers, in turn.
    package var callers: [String]
    /// How long callers wait.
    package var patience: Chance
    /// How long calls last after the answer.
    package var talk: Chance
    /// How many of a hundred calls the caller ends; the others are left to the agent's side.
    package var callerHangsUpPercent: UInt64
    /// The phones that register and answer.
    package var phones: [PhoneAgent.Account]
    /// What their hands do.
    package var habits: PhoneAgent.Habits
    /// Where callers want the sound.
    package var media: SIPAddress

    /// Makes a plan with calls of ten seconds that callers end, and one minute of patience.
    package init(rate: Double, targets: [SIPAddress], dialled: [String], callers: [String], media: SIPAddress) {
        self.rate = rate
        self.targets = targets
        self.dialled = dialled
        self.callers = callers
        self.media = media
        isRandomArrival = true
        openMax = 10_000
        transport = .udp
        patience = .exponential(mean: .seconds(60))
        talk = .exponential(mean: .seconds(10))
        callerHangsUpPercent = 100
        phones = []
        habits = PhoneAgent.Habits()
    }
}
