package import Kernel

/// What is known of a member's disk; kept on disk here, so that a restart does not forget who is silent.
package struct MemberProgress: Hashable, Sendable {
    /// What it said last that it has on disk.
    package var vector: VersionVector
    /// When it was heard last; of one that was never heard, when this site first knew of it.
    package var heardAt: WallTime

    /// Describes a member's progress.
    package init(vector: VersionVector, heardAt: WallTime) {
        self.vector = vector
        self.heardAt = heardAt
    }
}

/// What every counted member has on disk, so that nobody needs it kept for others; and who holds that back.
package struct Stability: Hashable, Sendable {
    /// A member that lacks ops that this site has.
    package struct Blocker: Hashable, Sendable {
        /// Which member.
        package let site: SiteID
        /// How many ops it lacks, as far as this site knows.
        package let missing: UInt64
        /// When it was heard last.
        package let heardAt: WallTime
        /// How long it has been silent.
        package let silence: Span

        /// True when it holds things back by its silence, not by being slow.
        package var isSilent: Bool { silence >= Limits.memberSilentAfter }
    }

    /// The advice to suspend a member.
    package struct Advice: Hashable, Sendable {
        /// Which member.
        package let site: SiteID
        /// How long it has been silent.
        package let silence: Span
        /// Set when what is kept for want of it is more than the bound: its bytes.
        package let bytes: Int?
    }

    /// The ops that every counted member and this site have on disk.
    package let stable: VersionVector
    /// Members that lack something, the longest silent first.
    package let blockers: [Blocker]
    /// Members that should be suspended, by a decision that a person asks for; the longest silent first.
    package let advice: [Advice]

    /// Works it out.
    ///
    /// - Parameters:
    ///   - site: This site.
    ///   - counted: Who counts (`Membership.active`); a member without an entry in `progress` has nothing.
    ///   - own: What this site has on disk.
    ///   - progress: What is known of the others.
    ///   - keptBytes: What the log holds above `stable`, for the bound.
    ///   - keptBytesMax: From how many such bytes on a silent member should be suspended at once.
    ///   - now: The agreed time (`ClockAgreement.wall`).
    package init(
        site: SiteID,
        counted: [SiteID],
        own: VersionVector,
        progress: [SiteID: MemberProgress],
        keptBytes: Int,
        keptBytesMax: Int,
        at now: WallTime
    ) {
        var stable = own
        var blockers: [Blocker] = []
        for member in Set(counted).sorted() where member != site {
            let known = progress[member] ?? MemberProgress(vector: VersionVector(), heardAt: now)
            stable = stable.common(with: known.vector)
            let missing = own.heads.reduce(UInt64(0)) { sum, head in
                let has = known.vector[head.origin]
                return has < head.sequence ? sum &+ (head.sequence - has) : sum
            }
            let silence = max(.zero, now - known.heardAt)
            if missing > 0 || silence >= Limits.memberSilentAfter {
                blockers.append(Blocker(site: member, missing: missing, heardAt: known.heardAt, silence: silence))
            }
        }
        self.stable = stable
        self.blockers = blockers.sorted { ($1.silence, $0.site) < ($0.silence, $1.site) }
        advice = self.blockers.compactMap { blocker in
            guard blocker.isSilent else { return nil }
            let isTooMuch = keptBytes > keptBytesMax && blocker.missing > 0
            guard isTooMuch || blocker.silence >= Limits.memberSuspendAfter else { return nil }
            return Advice(site: blocker.site, silence: blocker.silence, bytes: isTooMuch ? keptBytes : nil)
        }
    }

    /// True when every counted member has the op, so that what only remembers it may be dropped.
    package func isForgettable(_ dot: Dot) -> Bool {
        stable.contains(dot)
    }

    /// True when every counted member has all of these ops.
    package func isForgettable(_ vector: VersionVector) -> Bool {
        stable.covers(vector)
    }
}
