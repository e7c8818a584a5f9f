import Kernel
import Routing
import SiteCore
import WebAPI

extension QueueFigures {
    /// Writes the core's counts in the form of the API.
    init(_ row: SiteView.QueueRow) {
        let counts = row.counts
        let wrapUp = counts.answered > 0 ? counts.wrapUp.milliseconds / Int64(counts.answered) : nil
        self.init(
            offered: counts.offered,
            answered: counts.answered,
            abandoned: counts.abandoned,
            shortAbandoned: counts.shortAbandoned,
            other: row.otherToday,
            overdue: row.overdue,
            serviceLevels: ServiceLevels(
                ignoreAbandons: counts.serviceLevel(.ignoreAbandons, overdue: row.overdue),
                negative: counts.serviceLevel(.negative, overdue: row.overdue),
                positive: counts.serviceLevel(.positive, overdue: row.overdue),
                handledOnly: counts.serviceLevel(.handledOnly)
            ),
            speedOfAnswerMs: counts.speedOfAnswer?.milliseconds,
            handlingTimeMs: counts.handlingTime?.milliseconds,
            wrapUpMs: wrapUp,
            abandonment: counts.abandonment,
            longestWaitMs: counts.longestWait.milliseconds,
            parts: row.parts.map { part in
                QueueFiguresPart(
                    site: part.site.name,
                    ageMs: part.age.milliseconds,
                    stale: part.isStale,
                    offered: part.counts.offered,
                    answered: part.counts.answered,
                    abandoned: part.counts.abandoned,
                    serviceLevel: part.counts.serviceLevel(.ignoreAbandons)
                )
            }
        )
    }
}
