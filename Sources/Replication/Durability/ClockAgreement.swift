package import Kernel

/// What time it is, as most sites see it; and whose clock is wrong.
///
/// Heartbeats bring samples. A clock is held as "wall minus monotonic", so that a step of this site's own wall clock
/// shows at once and spoils no sample. From all intervals, this site's own among them, comes the one that most clocks
/// agree on (`ClockInterval.agreement`). Without such, the last one is carried on by the monotonic clock, less and
/// less exactly.
package struct ClockAgreement: Sendable {
    private struct Sample: Sendable {
        /// The peer's wall clock minus this site's monotonic clock, in milliseconds.
        let base: Int64
        let error: Int64
        let at: Instant

        func interval(at now: Instant, slack: Span = .zero) -> ClockInterval {
            let reach = error + slack.milliseconds + drift(over: now - at)
            return ClockInterval(low: base - reach, high: base + reach)
        }
    }

    private var samples: [SiteID: [Sample]] = [:]
    private var lastAgreed: (interval: ClockInterval, at: Instant)?
    private var ownBase: Int64
    private var offPeers: Set<SiteID> = []
    private var now: Instant

    /// What the idea of the time rests on.
    package private(set) var basis = ClockBasis.alone
    /// False while this site's clock is off by more than stamps may be ahead: confirm nothing above `local` then.
    package private(set) var isTrusted = true

    /// Starts without samples, trusting the site's own clock.
    package init(at now: Moment) {
        ownBase = base(of: now)
        self.now = now.instant
    }

    /// What must be added to this site's wall clock for the agreed time; nil when there never was an agreement.
    package var offset: Span? {
        reference.map { .milliseconds($0.middle - ownBase) }
    }

    /// How far this site's clock lies outside the agreed interval; nil when there never was an agreement.
    package var ownError: Span? {
        reference.map { $0.distance(of: ownBase) }
    }

    /// The time to stamp with: this site's clock, or the agreed time when the two differ by more than
    /// `Limits.clockCorrectionMin`.
    package func wall(at now: Moment) -> WallTime {
        guard let interval = reference else { return now.wall }
        let correction = Span.milliseconds(interval.middle - base(of: now))
        let isSmall = correction <= Limits.clockCorrectionMin && Span.zero - correction <= Limits.clockCorrectionMin
        return isSmall ? now.wall : now.wall + correction
    }

    /// How every peer's clock looks, sorted by site.
    package var peers: [PeerClock] {
        samples.keys.sorted().compactMap { site in
            guard let sample = best(of: site) else { return nil }
            let interval = sample.interval(at: now)
            return PeerClock(
                site: site,
                offset: .milliseconds(sample.base - ownBase),
                error: .milliseconds((interval.high - interval.low) / 2),
                age: now - sample.at,
                isOff: offPeers.contains(site)
            )
        }
    }

    /// The peer whose clock is furthest from the agreed time; without an agreement, from this site's.
    package var worstPeer: PeerClock? {
        let middle = (reference?.middle ?? ownBase) - ownBase
        return peers.max { abs($0.offset.milliseconds - middle) < abs($1.offset.milliseconds - middle) }
    }

    /// When samples expire next: call `tick` then; nil when there are none.
    package var nextDeadline: Instant? {
        samples.values.compactMap(\.first).map { $0.at + Limits.clockSampleLife }.min()
    }

    /// Takes a heartbeat's sample: what the peer's wall clock showed when it sent it, and the round trip.
    ///
    /// Round trips that tell nothing and times before 1970 or past 48 bits are ignored.
    package mutating func sample(
        from peer: SiteID,
        wall: WallTime,
        roundTrip: Span,
        at now: Moment
    ) -> [ClockAlarm] {
        if (0..<(1 << 48)).contains(wall.milliseconds), roundTrip >= .zero, roundTrip <= Limits.clockRoundTripMax,
            samples[peer] != nil || samples.count < Limits.sitesMax
        {
            let half = roundTrip.milliseconds / 2
            let sample = Sample(
                base: wall.milliseconds + half - now.instant.milliseconds,
                error: half + 1,
                at: now.instant
            )
            var kept = samples[peer] ?? []
            // A sample that cannot be true together with an earlier one says that the peer's clock was set.
            if let best = best(of: peer) {
                let (old, new) = (best.interval(at: now.instant), sample.interval(at: now.instant))
                if old.high < new.low || new.high < old.low { kept = [] }
            }
            kept.append(sample)
            samples[peer] = kept.suffix(Limits.clockSamplesMax)
        }
        return judge(at: now)
    }

    /// Forgets a peer that is no member any more.
    package mutating func forget(_ peer: SiteID, at now: Moment) -> [ClockAlarm] {
        samples[peer] = nil
        let alarms: [ClockAlarm] = offPeers.remove(peer) == nil ? [] : [.peerClockRight(peer)]
        return alarms + judge(at: now)
    }

    /// Looks at both clocks anew; to be called about once a second, so that a step of this site's own is noticed.
    package mutating func tick(at now: Moment) -> [ClockAlarm] {
        judge(at: now)
    }

    /// The agreed interval as of now.
    private var reference: ClockInterval? {
        lastAgreed.map { agreed in
            let reach = drift(over: now - agreed.at)
            return ClockInterval(low: agreed.interval.low - reach, high: agreed.interval.high + reach)
        }
    }

    /// The sample of a peer with the smallest error, drift since then included.
    private func best(of peer: SiteID) -> Sample? {
        samples[peer]?.min { left, right in
            left.error + drift(over: now - left.at) < right.error + drift(over: now - right.at)
        }
    }

    private mutating func judge(at moment: Moment) -> [ClockAlarm] {
        now = max(now, moment.instant)
        ownBase = base(of: moment)
        for (peer, kept) in samples {
            let rest = kept.filter { now - $0.at < Limits.clockSampleLife }
            samples[peer] = rest.isEmpty ? nil : rest
        }
        let slack = Limits.clockSlack
        let own = ClockInterval(low: ownBase - slack.milliseconds, high: ownBase + slack.milliseconds)
        let others = samples.keys.sorted().compactMap { best(of: $0)?.interval(at: now, slack: slack) }
        if others.isEmpty {
            basis = .alone
        } else if let (interval, sources) = ClockInterval.agreement(of: others + [own]) {
            basis = .agreed(sources: sources, of: others.count + 1)
            lastAgreed = (interval, now)
        } else {
            basis = .disputed
        }
        return judgeOwn() + judgePeers()
    }

    private mutating func judgeOwn() -> [ClockAlarm] {
        let error = ownError ?? .zero
        let size = Span.milliseconds(abs(error.milliseconds))
        if isTrusted, size > Limits.clockAheadMax {
            isTrusted = false
            return [.ownClockOff(by: error)]
        }
        if !isTrusted, size < Limits.clockRightBelow {
            isTrusted = true
            return [.ownClockRight]
        }
        return []
    }

    private mutating func judgePeers() -> [ClockAlarm] {
        var out: [ClockAlarm] = []
        let agreed = reference ?? ClockInterval(low: ownBase, high: ownBase)
        for peer in samples.keys.sorted() {
            guard let sample = best(of: peer) else { continue }
            let error = agreed.distance(of: sample.base)
            let size = Span.milliseconds(max(0, abs(error.milliseconds) - sample.error))
            if size > Limits.clockAheadMax, offPeers.insert(peer).inserted {
                out.append(.peerClockOff(peer, by: error))
            } else if size < Limits.clockRightBelow, offPeers.remove(peer) != nil {
                out.append(.peerClockRight(peer))
            }
        }
        return out
    }
}

/// Wall clock minus monotonic clock, in milliseconds; a wall clock beyond reason is brought to the nearest end.
private func base(of now: Moment) -> Int64 {
    min(max(now.wall.milliseconds, 0), 1 << 48) - now.instant.milliseconds
}

/// How far two quartzes may drift apart meanwhile, in milliseconds.
private func drift(over span: Span) -> Int64 {
    max(0, span.milliseconds) / (1_000_000 / Limits.clockDriftPerMillion)
}
