package import ContactCenter
package import Kernel
package import Routing

/// How long contacts are likely to wait, and how wrong that was (requirement B8).
extension SiteMachine {
    /// How long a contact that waits, here or elsewhere, probably waits still; nil when it does not wait or nobody who
    /// fits is logged in.
    package mutating func estimate(for id: ContactID, at now: Moment) -> WaitEstimate? {
        guard let waiting = router.waiting.contact(id), let position = router.waiting.position(of: id),
            let load = load(around: id, waiting)
        else { return nil }
        return estimator.estimate(in: waiting.queue, position: position, load: load, at: now.instant)
    }

    /// How long a call that came now would probably wait; nil when nobody who fits is signed in.
    mutating func estimate(entering queue: QueueDefinition, at now: Moment) -> WaitEstimate? {
        let cost = queue.cost(of: .voice)
        let servers = router.servers(
            meeting: queue.requirement(severity: .normal, customer: .standard),
            strategy: queue.strategy,
            cost: cost
        )
        let waiting = router.waiting.waiting(in: queue.id)
        let load = WaitEstimator.Load(
            waiting: waiting + 1,
            servers: servers.fit * max(1, Channel.fullCapacity / cost),
            free: servers.free,
            handling: statistics.queues[queue.id]?.counts.handlingTime
        )
        return estimator.estimate(in: queue.id, position: waiting + 1, load: load, at: now.instant)
    }

    /// Takes in that a contact begins to wait.
    mutating func beginEstimate(_ live: LiveContact, _ now: Moment) {
        guard let waiting = router.waiting.contact(live.id), let position = router.waiting.position(of: live.id),
            let load = load(around: live.id, waiting)
        else { return }
        estimator.arrive(live.id, in: live.queue, position: position, load: load, at: now.instant)
    }

    /// Takes in that a contact waits no longer; called while it is still in the waiting room.
    mutating func endEstimate(_ live: LiveContact, isAnswered: Bool, _ now: Moment) {
        guard let waiting = router.waiting.contact(live.id), var load = load(around: live.id, waiting) else { return }
        if !router.waiting.isOffered(live.id) { load.waiting = max(0, load.waiting - 1) }
        if isAnswered {
            estimator.answer(live.id, load: load, at: now.instant)
        } else {
            estimator.leave(live.id, load: load, at: now.instant)
        }
    }

    private mutating func load(around id: ContactID, _ waiting: WaitingContact) -> WaitEstimator.Load? {
        guard let servers = router.servers(for: id) else { return nil }
        let each = max(1, Channel.fullCapacity / max(1, waiting.cost))
        return WaitEstimator.Load(
            waiting: router.waiting.waiting(in: waiting.queue),
            servers: servers.fit * each,
            free: servers.free,
            handling: statistics.queues[waiting.queue]?.counts.handlingTime
        )
    }
}
