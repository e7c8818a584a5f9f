import Kernel

/// The unfinished messages of all streams, in bounded room and time.
struct SIPStreams: Sendable {
    private struct Stream: Sendable {
        var decoder = SIPStreamDecoder()
        /// When the first byte of the message at its front came.
        var since: Instant?
        var queued: Instant?

        var deadline: Instant? { since.map { $0 + Limits.sipStreamMessageTime } }
    }

    private var streams: [UInt64: Stream] = [:]
    /// How many bytes wait for more, on all streams.
    private(set) var buffered = 0

    /// How many streams are known.
    var count: Int { streams.count }

    /// Takes the next piece of a stream; one that threw must be closed.
    mutating func receive(
        _ flow: UInt64,
        _ bytes: [UInt8],
        now: Instant
    ) throws(SIPFlowFault) -> [SIPStreamDecoder.Item] {
        guard streams[flow] != nil || streams.count < Limits.sipFlowsMax else { throw .noRoom }
        // Taken out while it changes, so that its bytes are not copied.
        var stream = streams.removeValue(forKey: flow) ?? Stream()
        buffered -= stream.decoder.buffered
        defer {
            streams[flow] = stream
            buffered += stream.decoder.buffered
        }
        let items = try stream.decoder.receive(bytes)
        if !stream.decoder.isWithinMessage {
            stream.since = nil
        } else if stream.since == nil || !items.isEmpty {
            stream.since = now
        }
        // A fair share for each is not needed: whoever meets this bound has more than all honest peers together.
        guard buffered + stream.decoder.buffered <= Limits.sipStreamBytesMax else { throw .noRoom }
        return items
    }

    mutating func close(_ flow: UInt64) {
        guard let stream = streams.removeValue(forKey: flow) else { return }
        buffered -= stream.decoder.buffered
    }

    /// Keeps the stream's entry in the deadline queue up to date.
    mutating func schedule(_ flow: UInt64, in deadlines: inout DeadlineQueue) {
        guard let stream = streams[flow] else { return }
        var queued = stream.queued
        deadlines.schedule(.stream(flow), at: stream.deadline, queued: &queued)
        streams[flow]?.queued = queued
    }

    /// A deadline came up; true when the stream's message is still not whole.
    mutating func isLate(_ flow: UInt64, at: Instant, now: Instant) -> Bool {
        guard let stream = streams[flow], stream.queued == at else { return false }
        streams[flow]?.queued = nil
        return stream.deadline.map { $0 <= now } ?? false
    }
}
