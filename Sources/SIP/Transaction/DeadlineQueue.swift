import HeapModule
import Kernel

/// Whom a deadline is for.
enum SIPTimerTarget: Hashable, Sendable {
    case server(UInt64)
    case client(ClientTransactionKey)
    case leg(SIPLegID)
    case binding(user: String)
    case registration(user: String)
    case trunk(String)
    case stream(UInt64)
}

/// All deadlines of an endpoint in one heap.
///
/// Each owner has at most one live entry and remembers its time. Later deadlines ride on the queued entry: when
/// it comes up too early the owner queues again. So a repetition timer costs one heap operation, and a finished
/// transaction leaves one small entry behind.
struct DeadlineQueue: Sendable {
    private struct Entry: Comparable, Sendable {
        let at: Instant
        let sequence: UInt64
        let target: SIPTimerTarget

        static func < (left: Entry, right: Entry) -> Bool {
            (left.at, left.sequence) < (right.at, right.sequence)
        }

        static func == (left: Entry, right: Entry) -> Bool {
            left.sequence == right.sequence
        }
    }

    private var heap = Heap<Entry>()
    private var sequence: UInt64 = 0

    var next: Instant? { heap.min?.at }

    /// Sees to it that the owner is called at `wanted` or earlier; `queued` is the owner's memory of its entry.
    mutating func schedule(_ target: SIPTimerTarget, at wanted: Instant?, queued: inout Instant?) {
        guard let wanted else { return }
        if let queued, queued <= wanted { return }
        sequence += 1
        heap.insert(Entry(at: wanted, sequence: sequence, target: target))
        queued = wanted
    }

    /// Takes the earliest entry that is due.
    mutating func popDue(_ now: Instant) -> (target: SIPTimerTarget, at: Instant)? {
        guard let entry = heap.min, entry.at <= now else { return nil }
        heap.removeMin()
        return (entry.target, entry.at)
    }
}

/// The earlier of two deadlines that may be absent.
func earlier(_ left: Instant?, _ right: Instant?) -> Instant? {
    guard let left, let right else { return left ?? right }
    return min(left, right)
}
