package import ContactCenter
package import Kernel

extension WaitingRoom {
    /// How many wait in a queue, at all sites known.
    package func waiting(in queue: QueueID) -> Int { lines[queue]?.service.count ?? 0 }

    /// Since when the longest wait of a queue lasts.
    package func longestSince(in queue: QueueID) -> WallTime? {
        (lines[queue]?.arrival.first).map { WallTime(milliseconds: $0.since) }
    }

    /// A caller's place in the queue, from 1, by the order of service over all sites known; nil when not waiting.
    package func position(of id: ContactID) -> Int? {
        guard let entry = entries[id], !entry.isOffered else { return nil }
        return lines[entry.waiting.queue].map { $0.service.rank(of: entry.rank) + 1 }
    }

    /// The contacts of a queue in the order of service, at most `limit`.
    package func heads(of queue: QueueID, limit: Int) -> [WaitingContact] {
        (lines[queue]?.service.prefix(limit) ?? []).compactMap { entries[$0.contact]?.waiting }
    }
}
