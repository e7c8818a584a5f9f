package import ContactCenter
package import Kernel

/// Estimates how long contacts go on waiting, and measures how wrong that was.
///
/// Model: a contact at position p waits for p departures of a queue whose agents are all busy. The pace is learnt from
/// the last answers (`QueuePace`), with the mean handling time standing in at first; the range holds what neither the
/// chance of p departures nor a pace learnt from so few can tell. What has been waited already enters twice: by the
/// position it has led to, and by the time since the last departure, which lowers the pace while nothing moves.
///
/// Out of the model: contacts that arrive later and stand before this one, and agents who leave. The published error
/// shows what that does. It is counted for contacts that were answered; those that gave up never learnt their wait.
///
/// Tell it of every contact of the queue at this site: `arrive`, then `answer` or `leave`. Memory is bounded by the
/// queues and by `Limits.estimatesMax`.
package struct WaitEstimator: Sendable {
    /// The share of true waits that lie in the range.
    package static let statedShare = 0.8

    private struct Promise: Hashable, Sendable {
        let queue: QueueID
        let at: Instant
        let estimate: WaitEstimate?
    }

    private var paces: [QueueID: QueuePace] = [:]
    private var errors: [QueueID: HourOfErrors] = [:]
    private var promises: [ContactID: Promise] = [:]

    /// Makes an estimator that knows nothing.
    package init() {}

    /// How many contacts have an estimate whose truth is not known yet.
    package var count: Int { promises.count }

    /// What is known of a queue at some time; all that an estimate rests on beside the pace.
    package struct Load: Hashable, Sendable {
        /// How many wait, at all sites known.
        package var waiting: Int
        /// Fit agents of reachable sites, free or not, times how many such contacts each takes at once.
        package var servers: Int
        /// Of those, places that are free now.
        package var free: Int
        /// Mean handling time with wrap-up; nil while no contact has been handled.
        package var handling: Span?

        /// Makes a load.
        package init(waiting: Int, servers: Int, free: Int, handling: Span? = nil) {
            self.waiting = waiting
            self.servers = servers
            self.free = free
            self.handling = handling
        }
    }

    /// Takes in a contact that begins to wait, and returns the estimate that its error will be measured by.
    ///
    /// - Parameters:
    ///   - position: its place in the order of service, from 1.
    ///   - load: the queue with this contact in it.
    ///
    /// Returns nil when nobody fit is logged in: then nobody knows.
    @discardableResult
    package mutating func arrive(
        _ contact: ContactID,
        in queue: QueueID,
        position: Int,
        load: Load,
        at now: Instant
    ) -> WaitEstimate? {
        note(queue, load, at: now)
        let estimate = estimate(in: queue, position: position, load: load, at: now)
        if promises.count < Limits.estimatesMax || promises[contact] != nil {
            promises[contact] = Promise(queue: queue, at: now, estimate: estimate)
        }
        return estimate
    }

    /// The remaining wait of a contact at a position now; nil when nobody fit is logged in.
    package func estimate(in queue: QueueID, position: Int, load: Load, at now: Instant) -> WaitEstimate? {
        guard load.servers > 0 else { return nil }
        if position <= load.free { return WaitEstimate.none }
        let pace = paces[queue] ?? QueuePace()
        let handling = load.handling ?? Limits.handlingUnknown
        return pace.estimate(position: position - max(0, load.free), agents: load.servers, handling: handling, at: now)
    }

    /// Takes in an answer: `load` is the queue after it.
    package mutating func answer(_ contact: ContactID, load: Load, at now: Instant) {
        guard let promise = promises.removeValue(forKey: contact) else { return }
        paces[promise.queue]?.depart(isAnswer: true, at: now)
        note(promise.queue, load, at: now)
        guard let estimate = promise.estimate else { return }
        let wait = Span.milliseconds(max(0, Saturating.difference(now.milliseconds, promise.at.milliseconds)))
        errors[promise.queue, default: HourOfErrors()].count(estimate, true: wait, at: now)
    }

    /// Takes in a contact that left without an answer: `load` is the queue after it.
    package mutating func leave(_ contact: ContactID, load: Load, at now: Instant) {
        guard let promise = promises.removeValue(forKey: contact) else { return }
        paces[promise.queue]?.depart(isAnswer: false, at: now)
        note(promise.queue, load, at: now)
    }

    /// Takes in that agents came, went or were freed.
    package mutating func note(_ queue: QueueID, _ load: Load, at now: Instant) {
        guard paces[queue] != nil || paces.count < Limits.estimatedQueuesMax else { return }
        let isAnyFree = load.free > 0
        paces[queue, default: QueuePace()].note(
            waiting: load.waiting,
            agents: load.servers,
            isAnyFree: isAnyFree,
            at: now
        )
    }

    /// How wrong the estimates of a queue were in the last hour.
    package func errors(of queue: QueueID, at now: Instant) -> EstimateErrors {
        errors[queue]?.sum(at: now) ?? EstimateErrors()
    }

    /// Forgets a queue that is no more.
    package mutating func forget(_ queue: QueueID) {
        paces[queue] = nil
        errors[queue] = nil
    }
}
