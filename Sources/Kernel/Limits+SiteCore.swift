extension Limits {
    /// Nobody waits longer than this on the line; a leg that nothing ends is a leak.
    package static let callWaitMax = Span.minutes(120)
    /// A leg that is still up after a working day has been forgotten by its phone.
    package static let callTalkMax = Span.minutes(8 * 60)
    /// How long after the ring time the caller's site waits for word from the agent's site: two slow mesh round trips.
    package static let callOfferMargin = Span.seconds(5)
    /// How long an answered agent waits for the caller's side to confirm: a link that comes back within this is
    /// no reason to drop the call; longer silence is.
    package static let callConfirmMax = Span.seconds(5)
    /// A change of session that is not answered in the 32 s of a SIP transaction never will be.
    package static let callReofferMax = Span.seconds(32)
    /// How many ended bridges a site remembers to tell a peer how they ended: an hour of 1 call a second.
    package static let callEndedRemembered = 4_096
    /// Messages between the halves of one site's calls that one event may set off; more would be a loop.
    package static let callLocalMessagesMax = 1_024
}

extension Limits {
    /// A caller should hear ringing within half a second; the file is worth part of that, not all.
    package static let callerLookUpMax = Span.milliseconds(300)
    /// Live contacts of one site: the SIP figures reach 8,000 held calls.
    package static let liveContactsMax = 10_000
    /// Edits of one kind in one commit: an import must not keep a call's record waiting for longer than some 20 ms.
    package static let commitEditsMax = 256
    /// Batches of foreign ops in one commit: each takes up to about 20 ms.
    package static let commitApplicationsMax = 4
    /// Edits that may wait for the disk before commands are refused: some seconds of a slow disk.
    package static let commitWaitingMax = 20_000
    /// After a failed commit (disk full) the next try; often enough to notice space, seldom enough to log.
    package static let commitRetryPause = Span.seconds(1)
    /// How long the contact's site waits for the agent's site to grant or refuse: four slow round trips.
    package static let reserveAnswerMax = Span.milliseconds(1_500)
    /// Waiting contacts and free agents are matched anew this often, in case a message or hint was lost.
    package static let matchAgainAfter = Span.seconds(1)
    /// After remote presence shows a free agent, its own site pulls first; ours pushes only after this.
    package static let pushAfterPresence = Span.milliseconds(200)
    /// Pulls that one pass sends: the next pass sends the rest.
    package static let pullsPerPassMax = 64
    /// Ready agents and waiting contacts matched in one pass; the timer brings the next pass at once.
    package static let matchesPerPassMax = 256
    /// How long the place of a caller whose site was lost is kept: carriers and people dial again within minutes.
    package static let placeHeldMax = Span.minutes(10)
    /// Places kept of callers of lost sites: two full sites.
    package static let placesHeldMax = 20_000
    /// Queues that one contact can overflow through: a ring is refused, but two sites can each make half of one.
    package static let overflowHopsMax = 8
    /// How often a waiting contact's overflow steps are looked at; they are stated in seconds.
    package static let overflowLookAfter = Span.seconds(1)
    /// How long a callback waits for an agent: who asked yesterday no longer expects it.
    package static let callbackExpiry = Span.minutes(24 * 60)
    /// The longest that a configuration may let a callback wait: a week.
    package static let callbackExpiryHoursMax = 168
    /// How long a claim to dial a callback may take: some slow round trips and commits; then the agent is free again.
    package static let dialClaimMax = Span.seconds(8)
    /// Claims of others that a callback meets before it is left to them: theirs may have come to a call already.
    package static let dialContestsMax = 3
    /// After this a lost site's callbacks are taken over; a restart is over sooner.
    package static let callbackTakeOverAfter = Span.seconds(30)
    /// Waiting contacts that a snapshot estimates the wait of; a wall shows fewer, and each costs some microseconds.
    package static let estimatesShownMax = 200
    /// Decisions about one contact that are kept for its explanation.
    package static let decisionsKept = 6
    /// Commands whose edits are on their way to the disk.
    package static let commandsWaitingMax = 4_096
    /// Caller look-ups under way; beyond that calls go on without.
    package static let lookUpsMax = 4_096
    /// A break reason is a word or two, not a letter.
    package static let breakReasonCharactersMax = 64
}

extension Limits {
    /// Events of a simulated run for each second of its time; a cluster that needs more talks in circles.
    package static let simulationStepsPerSecondMax: Int64 = 40_000
    /// How long an agent's site waits for the contact's site to pass a call on: a promise and two round trips.
    package static let passAnswerMax = Span.seconds(8)
    /// How long a number outside rings before it counts as not answered.
    package static let outsideRingTime = Span.seconds(60)
    /// How long a digit sent for an agent sounds, in milliseconds; shorter ones are missed by some menus.
    package static let digitMilliseconds = 160
    /// Parties of one call: customer, agent, a guest, and supervisors; the mixer's own bound is the same.
    package static let mixPartiesMax = 8
    /// How often a waiting caller's place and wait are looked at for what to announce.
    package static let announceLookAfter = Span.seconds(10)
}
