import Kernel

/// How fast one queue is served while somebody waits in it, learnt from the last answers.
///
/// While contacts wait, all fit agents are busy, and answers come as fast as agents are freed: at a rate proportional
/// to the agents. So what is kept is the *effort* between two departures from the queue, in agents × milliseconds. It
/// stays meaningful when agents come and go. Time in which nobody waits counts nothing: then answers are as rare as
/// contacts.
struct QueuePace: Hashable, Sendable {
    private struct Departure: Hashable, Sendable {
        var effort: Double
        var isAnswer: Bool
    }

    /// The last departures, oldest overwritten first.
    private var departures: [Departure] = []
    private var next = 0
    /// Effort since the last departure; nothing has come of it yet, which is knowledge too.
    private var open = 0.0
    private var since: Instant?
    private var agents = 0
    private(set) var waiting = 0

    /// Notes the time, and how many wait and how many agents there are from now on.
    mutating func note(waiting: Int, agents: Int, isAnyFree: Bool, at now: Instant) {
        pass(now)
        self.waiting = max(0, waiting)
        self.agents = max(0, agents)
        since = self.waiting > 0 && !isAnyFree ? now : nil
        if since == nil { open = 0 }
    }

    /// Notes that a contact left the queue after a wait: answered, or gone.
    ///
    /// One that found somebody free says nothing of the pace.
    mutating func depart(isAnswer: Bool, at now: Instant) {
        guard since != nil else { return }
        pass(now)
        let departure = Departure(effort: open, isAnswer: isAnswer)
        open = 0
        if departures.count < Limits.paceDeparturesMax {
            departures.append(departure)
        } else {
            departures[next] = departure
            next = (next + 1) % Limits.paceDeparturesMax
        }
    }

    private mutating func pass(_ now: Instant) {
        guard let before = since else { return }
        let passed = Saturating.difference(now.milliseconds, before.milliseconds)
        open += Double(max(0, min(passed, Limits.paceGapMax.milliseconds))) * Double(agents)
        since = now
    }

    /// The remaining wait of the contact at `position`, from 1.
    ///
    /// - Parameters:
    ///   - agents: logged in and fit; nil for none, when there is nothing to go by.
    ///   - handling: mean handling time, which stands in as long as few answers were seen.
    func estimate(position: Int, agents: Int, handling: Span, at now: Instant) -> WaitEstimate? {
        guard position > 0, agents > 0 else { return nil }
        var effort = open
        var answers = 0.0
        for departure in departures {
            effort += departure.effort
            if departure.isAnswer { answers += 1 }
        }
        if let since {
            let passed = max(0, min(Saturating.difference(now.milliseconds, since.milliseconds), 86_400_000))
            effort += Double(passed) * Double(self.agents)
        }
        // Handling time counts as much as three answers seen; two of them make its mean the mean.
        let weight = Double(3)
        let assumed = Double(min(max(handling.milliseconds, 1_000), 86_400_000)) * (weight - 1)
        // Those ahead leave by giving up, too: each counts for less than one answer. The last step is an answer.
        let leave = departures.isEmpty ? 1 : max(answers, 1) / Double(departures.count)
        let steps = 1 + Double(min(position, Limits.waitingContactsKnownMax) - 1) * min(leave, 1)
        let seen = answers + weight
        let scale = (effort + assumed) / Double(agents)
        let mean = scale * steps / (seen - 1)
        let (low, high) = FisherRange.range(steps, seen)
        return WaitEstimate(
            low: QueuePace.span(scale * steps / seen * low),
            likely: QueuePace.span(mean),
            high: QueuePace.span(scale * steps / seen * high)
        )
    }

    private static func span(_ milliseconds: Double) -> Span {
        .milliseconds(Int64(max(0, min(milliseconds, 8.64e10))))
    }
}

/// Between which multiples of its middle a ratio of two gamma distributed numbers lies in four of five cases.
///
/// The effort for `steps` answers, when `seen` answers took a known effort, is such a ratio: Fisher's F with twice as
/// many degrees of freedom. Quantiles after E. Paulson, "An approximate normalization of the analysis of variance
/// distribution" (1942), solved for F.
enum FisherRange {
    /// The normal quantile of nine tenths.
    private static let normal = 1.281_551_565_5

    static func range(_ steps: Double, _ seen: Double) -> (low: Double, high: Double) {
        (quantile(-normal, steps, seen), quantile(normal, steps, seen))
    }

    private static func quantile(_ z: Double, _ steps: Double, _ seen: Double) -> Double {
        // a and b are Paulson's 2/9ν with ν = 2·steps and 2·seen.
        let a = 1 / (9 * max(steps, 0.5))
        let b = 1 / (9 * max(seen, 0.5))
        let square = (1 - b) * (1 - b) - z * z * b
        let root = (max(0, a * (1 - b) * (1 - b) + b * (1 - a) * (1 - a) - z * z * a * b)).squareRoot()
        guard square > 0 else { return 0 }
        let cube = max(0, ((1 - a) * (1 - b) + z * root) / square)
        return cube * cube * cube
    }
}
