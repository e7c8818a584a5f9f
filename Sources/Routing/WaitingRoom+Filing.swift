import ContactCenter
import Kernel

/// Where a contact stands: each that is not offered is in the order of its requirement or in that of the agent whom it
/// waits for, and in both orders of its queue; each offered one is in none of them.
extension WaitingRoom {
    mutating func file(_ entry: Entry) {
        stand(entry)
        lines[entry.waiting.queue, default: Line()].service.insert(entry.rank)
        let arrival = Arrival(since: entry.rank.since, contact: entry.rank.contact)
        lines[entry.waiting.queue]?.arrival.insert(arrival)
    }

    mutating func unfile(_ entry: Entry) {
        leave(entry)
        let queue = entry.waiting.queue
        lines[queue]?.service.remove(entry.rank)
        lines[queue]?.arrival.remove(Arrival(since: entry.rank.since, contact: entry.rank.contact))
        if lines[queue]?.service.isEmpty == true { lines[queue] = nil }
    }

    private mutating func stand(_ entry: Entry) {
        if entry.isHeld, let agent = entry.waiting.lastAgent {
            held[agent, default: OrderedIndex()].insert(entry.rank)
        } else {
            orders[entry.order, default: OrderedIndex()].insert(entry.rank)
        }
    }

    private mutating func leave(_ entry: Entry) {
        if entry.isHeld, let agent = entry.waiting.lastAgent {
            held[agent]?.remove(entry.rank)
            if held[agent]?.isEmpty == true { held[agent] = nil }
        } else {
            let order = entry.order
            orders[order]?.remove(entry.rank)
            if orders[order]?.isEmpty == true { orders[order] = nil }
        }
    }

    /// Brings an entry up to the time last told and notes when it changes next; it must not be filed meanwhile.
    mutating func schedule(_ entry: inout Entry) {
        let id = entry.waiting.contact
        if let due = entry.due { dues.remove(Due(at: due, contact: id)) }
        entry.follow(clock?.wall.milliseconds)
        if let due = entry.due { dues.insert(Due(at: due, contact: id)) }
        guard let agent = entry.waiting.lastAgent else { return }
        if entry.isPatienceOver {
            entry.isHeld = false
            unawait(id, agent)
        } else {
            awaited[agent, default: []].insert(id)
            unsettled.insert(id)
        }
    }

    mutating func unschedule(_ entry: inout Entry) {
        let id = entry.waiting.contact
        if let due = entry.due { dues.remove(Due(at: due, contact: id)) }
        entry.due = nil
        if let agent = entry.waiting.lastAgent { unawait(id, agent) }
        released.remove(id)
    }

    private mutating func unawait(_ id: ContactID, _ agent: AgentID) {
        unsettled.remove(id)
        awaited[agent]?.remove(id)
        if awaited[agent]?.isEmpty == true { awaited[agent] = nil }
    }

    /// Follows the time for one contact, whose steps or patience are due; true when anything changed.
    @discardableResult
    mutating func refresh(_ id: ContactID) -> Bool {
        guard var entry = entries[id], let due = entry.due, let clock, due <= clock.wall.milliseconds else {
            return false
        }
        if !entry.isOffered { unfile(entry) }
        schedule(&entry)
        if !entry.isOffered { file(entry) }
        entries[id] = entry
        return true
    }

    /// Notes whether a contact waits for its last agent alone.
    mutating func hold(_ id: ContactID, _ isHeld: Bool) {
        guard var entry = entries[id], !entry.isOffered, entry.isHeld != isHeld else { return }
        leave(entry)
        entry.isHeld = isHeld
        stand(entry)
        entries[id] = entry
        if isHeld { released.remove(id) } else { released.insert(id) }
    }
}
