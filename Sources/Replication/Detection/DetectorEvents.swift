package import Kernel

/// What happens to a failure detector.
package enum DetectorEvent: Hashable, Sendable {
    /// A link to a peer is ready for frames.
    case linkUp(SiteID)
    /// A link to a peer is gone.
    case linkDown(SiteID)
    /// A peer's machine answered that nobody listens there: its process is not running.
    case refused(SiteID)
    /// A heartbeat arrived.
    case heartbeat(SiteID, Heartbeat)
    /// A probe, or a part of its answer, arrived from a peer.
    case probe(SiteID, Probe)
    /// The time of `nextDeadline` has come.
    case timer
}

/// What a failure detector wants done.
package enum DetectorDirective: Hashable, Sendable {
    /// Send a frame to a peer.
    case send(SiteID, Frame)
    /// A peer's standing or its cause changed.
    case changed(PeerHealth)
    /// What is known of links changed: look at `links`.
    case linksChanged
}

/// A question whether a site is alive, put through a third one, or a part of its answer.
///
/// The asker sends `ask` to a witness, that `check` to the target, the target `alive` back, and the witness what it
/// found to the asker.
package struct Probe: Hashable, Sendable {
    /// Which part of the exchange.
    package enum Step: String, Hashable, Sendable, CaseIterable {
        /// To a witness: does the target live?
        case ask
        /// From the witness to the target: answer at once.
        case check
        /// From the target to the witness.
        case alive
        /// From the witness: the target answered.
        case heard
        /// From the witness: the target did not answer in time, or there has been no link to it.
        case notHeard
        /// From the witness: the link to the target was reset while it was heard, and is not back.
        case lost
    }

    /// Which part of the exchange this is.
    package var step: Step
    /// The site in question.
    package var target: SiteID
    /// Given by who asks, returned in answers.
    package var number: UInt64
    /// Which life of the target answered, or was heard last.
    package var incarnation: UInt64

    /// Makes a probe.
    package init(step: Step, target: SiteID, number: UInt64, incarnation: UInt64 = 0) {
        self.step = step
        self.target = target
        self.number = number
        self.incarnation = incarnation
    }
}
