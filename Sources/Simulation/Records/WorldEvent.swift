import Kernel
import Replication

/// Something that is going to happen among simulated records.
enum WorldEvent: Sendable {
    /// A site's timer.
    case timer(site: Int, life: Int)
    /// A site's disk has finished the batch that is out.
    case diskDone(site: Int, life: Int)
    /// A site's disk has read ops.
    case read(site: Int, life: Int, OpsReading)
    /// Bytes arrive over a session of a link.
    case bytes(from: Int, to: Int, session: Int, [UInt8])
    /// A slow link has put a frame on the wire and takes the next.
    case sent(from: Int, to: Int, session: Int)
    /// One end learns that a session has begun or ended.
    case linkUp(site: Int, peer: Int, session: Int)
    case linkDown(site: Int, peer: Int, session: Int)
    /// Nothing came over a session for so long that it is given up.
    case giveUp(low: Int, high: Int, session: Int)
    /// Somebody tries to bring up a link.
    case dial(low: Int, high: Int)
    /// Somebody edits something.
    case edit
    /// A fault of the schedule begins or ends.
    case faultBegins(Int)
    case faultEnds(Int)
    /// A link flaps: it breaks once more.
    case flap(Int, left: Int)
    /// A site's process starts.
    case start(site: Int)
    /// A second has passed.
    case tick
    /// From here on nothing goes wrong any more.
    case settle

    /// The site whose process would handle it; a sleeping process handles nothing.
    var site: Int? {
        switch self {
        case .timer(let site, _), .diskDone(let site, _), .read(let site, _, _), .linkUp(let site, _, _),
            .linkDown(let site, _, _):
            site
        case .bytes(_, let to, _, _): to
        default: nil
        }
    }
}
