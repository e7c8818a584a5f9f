import Kernel
import Simulation

/// What a load run came to, for people and as JSON.
struct LoadResult: Encodable {
    var offered: Int
    var answered: Int
    var abandoned: Int
    var failed: Int
    var lost: Int
    var open: Int
    var endedByCaller: Int
    var endedByAgent: Int
    var phonesRegistered: Int
    var waitMeanMs: Int64
    var waitP95Ms: Int64
    var waitLongestMs: Int64
    var failures: [String: Int]

    init(_ figures: LoadFigures) {
        offered = figures.offered
        answered = figures.answered
        abandoned = figures.abandoned
        failed = figures.failed
        lost = figures.lost
        open = figures.open
        endedByCaller = figures.endedByCaller
        endedByAgent = figures.endedByAgent
        phonesRegistered = figures.phonesRegistered
        waitMeanMs = figures.answerWaits.mean.milliseconds
        waitP95Ms = figures.answerWaits.quantile(0.95).milliseconds
        waitLongestMs = figures.answerWaits.longest.milliseconds
        failures = Dictionary(uniqueKeysWithValues: figures.failures.map { ("\($0.key)", $0.value) })
    }

    /// One line while it runs.
    var line: String {
        "calls \(offered), open \(open), answered \(answered), abandoned \(abandoned), failed \(failed), "
            + "phones \(phonesRegistered), mean wait \(waitMeanMs) ms"
    }

    /// The whole result.
    var text: String {
        """
        \(offered) calls: \(answered) answered, \(abandoned) abandoned, \(failed) failed, \(lost) lost, \(open) open
          ended by the caller \(endedByCaller), by the agent \(endedByAgent)
          wait until the answer: mean \(waitMeanMs) ms, 95 % under \(waitP95Ms) ms, longest \(waitLongestMs) ms
        \(failures.isEmpty ? "" : "  failures by status: \(failures.sorted { $0.key < $1.key })")
        """
    }
}
