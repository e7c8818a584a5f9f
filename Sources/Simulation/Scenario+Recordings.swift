import ContactCenter
import Kernel
package import SiteCore

/// Recordings in a scenario.
extension Scenario {
    /// Puts a recording on a site's disk.
    package mutating func record(_ sound: [UInt8], at site: Int) -> RecordingPlace {
        let place = RecordingPlace(ContactID("\(cluster.sites[site].id.name)-1-1"), "1")
        cluster.sites[site].recordings.files[place] = sound
        return place
    }

    /// Retention takes a recording from a site's disk.
    package mutating func remove(_ place: RecordingPlace, at site: Int) {
        cluster.sites[site].recordings.files[place] = nil
    }

    /// What the audit trail of a site says: who heard which file, and at which site.
    package func heard(at site: Int) -> [String] { cluster.sites[site].recordings.heard }

    /// A page at a site wants something of a recording that another site has; nil when it gets no answer at all.
    package mutating func ask(_ wish: RecordingWish, at site: Int) -> RecordingReply? {
        let before = cluster.books.recordings.count
        act { $0.command(site, .recording(wish, patience: Limits.recordingAnswerMax), expecting: nil) }
        _ = run(until: { $0.cluster.books.recordings.count > before }, within: Limits.recordingAnswerMax + .seconds(1))
        return cluster.books.recordings.count > before ? cluster.books.recordings.last : nil
    }
}
