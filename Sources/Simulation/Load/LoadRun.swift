import Calls
package import Kernel
package import SIP

/// Callers and phones on one endpoint, as a value: packets and times in, packets and figures out.
///
/// `tandem load` drives it over real sockets, the simulator over its virtual network. First all phones register;
/// callers dial from the first `advance` on. When the plan is done and the last call is over, `isFinished`.
package struct LoadRun: Sendable {
    /// What a deadline is for.
    enum Alarm: Hashable, Comparable, Sendable {
        case dial
        case caller(UInt64)
        case phone(Int)
    }

    /// The plan.
    package let plan: LoadPlan
    /// What was seen so far.
    package internal(set) var figures = LoadFigures()

    var endpoint: SIPEndpoint
    var random: SeededRandom
    var alarms = DeadlineHeap<Alarm>()
    var callers: [UInt64: CallerAgent] = [:]
    var phones: [PhoneAgent] = []
    var phoneByUser: [String: Int] = [:]
    var phoneByLeg: [SIPLegID: Int] = [:]
    /// Callers counted as talking.
    var talkingCallers: Set<UInt64> = []
    private var lastLeg: UInt64 = 0
    private var startedAt: Instant?
    private var nextCallAt: Double = 0
    private var isDialling = false

    /// Makes a run; `advertised` says where our own socket can be reached, for each open transport.
    package init(
        _ plan: LoadPlan,
        advertised: [SIPTransport: SIPAddress],
        secret: [UInt8],
        random: SeededRandom
    ) {
        self.plan = plan
        self.random = random
        var configuration = SIPConfiguration(
            advertised: advertised,
            secret: secret,
            product: "Tandem load",
            isRegistrar: false
        )
        configuration.serverTransactionsMax = 1 << 20
        configuration.callsPerSecondMax = Limits.sipRateMax
        configuration.legsMax = .max
        endpoint = SIPEndpoint(configuration, random: self.random.split())
        for account in plan.phones {
            phoneByUser[account.user] = phones.count
            phones.append(PhoneAgent(account, habits: plan.habits, random: self.random.split()))
        }
    }

    /// Registers the phones and starts to dial.
    package mutating func start(now: Moment) -> [SIPOutput] {
        guard startedAt == nil else { return [] }
        startedAt = now.instant
        nextCallAt = Double(now.instant.milliseconds)
        isDialling = plan.rate > 0 && !plan.targets.isEmpty && !plan.dialled.isEmpty
        if isDialling { planNextCall() }
        var outputs: [SIPOutput] = []
        for phone in phones { outputs += perform(phone.start(), now) }
        return outputs
    }

    /// Takes bytes from the socket.
    package mutating func receive(_ packet: SIPPacket, now: Moment) -> [SIPOutput] {
        settle(endpoint.receive(packet, now: now), now)
    }

    /// Learns that a stream connection closed.
    package mutating func flowClosed(_ flow: UInt64, now: Moment) -> [SIPOutput] {
        settle(endpoint.flowClosed(flow, now: now), now)
    }

    /// When `advance` is due.
    package var nextDeadline: Instant? {
        [endpoint.nextDeadline, alarms.next].compactMap { $0 }.min()
    }

    /// Dials, answers, gives up and hangs up as it is time.
    package mutating func advance(now: Moment) -> [SIPOutput] {
        var outputs = settle(endpoint.advance(now: now), now)
        while let alarm = alarms.popDue(now.instant) {
            switch alarm {
            case .dial: outputs += dialDue(now)
            case .caller(let number):
                let commands = callers[number]?.advance(now: now) ?? []
                outputs += perform(commands, now)
                noteCaller(number)
            case .phone(let index):
                let leg = phones[index].leg
                outputs += perform(phones[index].advance(now: now), now)
                notePhone(index, before: leg)
            }
        }
        return outputs
    }

    /// Whether all calls of the plan are over.
    package var isFinished: Bool {
        startedAt != nil && !isDialling && callers.isEmpty
    }

    /// Dials no more; calls that stand go on.
    package mutating func stopDialling() {
        isDialling = false
        alarms.set(.dial, nil)
    }

    /// Ends all calls and registrations at once.
    package mutating func stop(now: Moment) -> [SIPOutput] {
        stopDialling()
        var outputs: [SIPOutput] = []
        for number in callers.keys.sorted() {
            let commands = callers[number]?.stop(now: now) ?? []
            outputs += perform(commands, now)
            noteCaller(number)
        }
        for index in phones.indices {
            let leg = phones[index].leg
            outputs += perform(phones[index].stop(), now)
            notePhone(index, before: leg)
        }
        figures.phonesRegistered = 0
        return outputs
    }

    private mutating func planNextCall() {
        let gap = 1_000 / plan.rate
        nextCallAt += gap * (plan.isRandomArrival ? drawUnitExponential(&random) : 1)
        alarms.set(.dial, Instant(milliseconds: Int64(min(nextCallAt, 9e15))))
    }

    /// Dials all calls that are due; at high rates several fall into one millisecond.
    private mutating func dialDue(_ now: Moment) -> [SIPOutput] {
        var outputs: [SIPOutput] = []
        while isDialling, nextCallAt < Double(now.instant.milliseconds + 1) {
            if let startedAt, let duration = plan.duration, now.instant - startedAt >= duration {
                stopDialling()
                return outputs
            }
            if let most = plan.callsMax, figures.offered + figures.skipped >= most {
                stopDialling()
                return outputs
            }
            if callers.count < plan.openMax {
                outputs += dial(now)
            } else {
                figures.skipped += 1
            }
            planNextCall()
        }
        return outputs
    }

    private mutating func dial(_ now: Moment) -> [SIPOutput] {
        lastLeg += 2
        let turn = figures.offered
        let isCallerEnding = random.next() % 100 < plan.callerHangsUpPercent
        let talk = plan.talk.draw(&random)
        var caller = CallerAgent(
            CallerAgent.Plan(
                leg: SIPLegID(lastLeg),
                dialled: plan.dialled[turn % plan.dialled.count],
                number: plan.callers.isEmpty ? "anonymous" : plan.callers[turn % plan.callers.count],
                target: plan.targets[turn % plan.targets.count],
                transport: plan.transport,
                media: plan.media,
                patience: plan.patience.draw(&random),
                talk: isCallerEnding ? talk : nil
            )
        )
        let commands = caller.start(now: now)
        callers[lastLeg] = caller
        figures.offered += 1
        figures.open += 1
        let outputs = perform(commands, now)
        noteCaller(lastLeg)
        return outputs
    }
}
