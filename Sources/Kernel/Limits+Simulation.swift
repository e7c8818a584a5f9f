extension Limits {
    /// Sites of a simulation of records: two are the least that replicate, seven the most that people run side by side
    /// before runs get slow.
    package static let simulatedSitesRange = 2...7
    /// How long healed records may take to be equal: a want that times out, a pause after a failed batch and a few
    /// rounds of beacons, twice.
    package static let simulatedSettleMax = Span.seconds(45)
    /// How long a settled cluster is watched for rest.
    package static let simulatedRest = Span.seconds(4)
    /// Frames a second and direction at rest: a beacon, two heartbeats and room for what is done rarely.
    package static let simulatedFramesAtRestMax = 12
    /// Frames a second and direction while people edit: each op moves some frames, a storm moves thousands.
    package static let simulatedFramesMax = 600
    /// Log lines of a run kept for the report of a failure; twice as many at most.
    package static let simulatedLinesKept = 400
    /// Log lines shown with a failure.
    package static let simulatedLinesShown = 60
    /// Runs that look for a smaller schedule of a failure: seconds, not minutes.
    package static let simulatedShrinkRunsMax = 60
    /// Events of one run: about a hundred times what a run takes.
    package static let simulatedStepsMax = 4_000_000
    /// Seeds after which a fault that never did anything counts as a failure of the simulation itself.
    package static let simulatedSeedsForFaults = 50
    /// Tasks of the disk that a site may have waiting: one of each kind and a few more.
    package static let simulatedTasksMax = 24
    /// Documents that simulated people have open to save later.
    package static let simulatedFormsMax = 16
    /// Of a hundred frames on a hostile link: lost; as many repeated, and twice as many late.
    package static let simulatedHostileLoss = 3
    /// Of so many changed documents one is compared with the naive model at once; all are at the end.
    package static let simulatedModelStride = 5
    /// How often a run may skip the time for which stamps of a fast clock are held back.
    package static let simulatedHoursMax = 2
    /// How long after healing an operator decides alone on members, when votes were lost with disks.
    package static let simulatedForceAfter = Span.seconds(12)
    /// Runs at once: one a core of the smallest machine that people build on.
    package static let simulatedTasksAtOnce = 2
    /// Batches of 200 edits behind which a slow link catches up in a scenario.
    package static let simulatedBacklogBatches = 10
}
