import Kernel
import Replication
import SIP
import SiteCore

/// Something that is going to happen.
enum SimulatedEvent: Sendable {
    /// A site's timer.
    case timer(site: Int, life: Int)
    /// A site's disk has finished a batch.
    case diskDone(site: Int, life: Int, CommitBatch)
    /// A site's disk has an answer.
    case queryDone(site: Int, life: Int, QueryToken, SiteQuery)
    /// A site's disk has done something with a blob.
    case blobDone(site: Int, life: Int, BlobJob)
    /// A site's disk has done something with a recording.
    case recordingDone(site: Int, life: Int, RecordingJob)
    /// A frame arrives over a session of a link.
    case frame(from: Int, to: Int, session: Int, [UInt8])
    /// One end learns that a session has begun or ended.
    case linkUp(site: Int, peer: Int, session: Int)
    case linkDown(site: Int, peer: Int, session: Int)
    /// Somebody tries to bring up a link.
    case dial(Int, Int)
    /// A SIP packet arrives.
    case sip(to: SIPAddress, from: SIPAddress, [UInt8])
    /// A phone's or a caller's timer.
    case partyTimer(SIPAddress)
    /// An agent looks at the desk.
    case agent(Int)
    /// Somebody calls.
    case call
    /// Somebody edits a record.
    case edit
    /// Something goes wrong.
    case fault
    /// A fault ends.
    case restart(site: Int)
    case heal(Int, Int)
    case diskRecovers(site: Int)
    case wireRecovers
    /// From here on nothing goes wrong any more.
    case settle
}
