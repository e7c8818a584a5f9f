import Kernel
import Replication

// The second part of a run: everything works again, nobody edits any more.
extension RecordsWorld {
    mutating func settle() {
        isSettling = true
        settlingSince = now
        say("everything works again")
        for index in sites.indices {
            sites[index].diskIsFull = false
            sites[index].doom = nil
            sites[index].diskDelay = 1...6
            let offset = Int64.random(in: -300...300, using: &netRandom)
            sites[index].clock.mend(offset: .milliseconds(offset), at: now)
            wake(index)
            boot(index)
        }
        for place in links.indices {
            let isTroubled = links[place].ways.contains { $0.stalledUntil.map { $0 > now } ?? false || $0.garbles }
            for way in [0, 1] {
                links[place].ways[way].cuts = 0
                links[place].ways[way].stalledUntil = nil
                links[place].ways[way].rate = nil
                links[place].ways[way].garbles = false
            }
            if isTroubled { breakSession(place, noticedWithin: 200) } else { planGiveUp(place) }
            planDial(links[place].low, links[place].high, within: 900)
        }
    }

    /// All sites are down for so long that held-back stamps are no longer ahead.
    mutating func letTimePass() {
        hours += 1
        reach.note(.anHourPassed)
        let latest = sites.flatMap { $0.storage.heldBack() }.map(\.stamp.wall).max() ?? VirtualClock.truth(now)
        for index in sites.indices { kill(index, for: .zero) }
        let pause = max(latest - VirtualClock.truth(now), .zero) + .seconds(1)
        say("all sites are off for \(pause.seconds) s")
        // Nothing else happens meanwhile: what was planned comes late, and nobody is there.
        now = now + pause
    }

    /// True when ops wait for a time that lies further off than a run lasts.
    var waitsForTime: Bool {
        let limit = HybridTimestamp(wall: VirtualClock.truth(now) + .seconds(20), counter: 0)
        return sites.contains { site in site.storage.heldBack().contains { $0.stamp > limit } }
    }

    /// What has not come to rest yet; empty when all is equal.
    var unsettled: [String] {
        var reasons: [String] = []
        for site in sites {
            guard site.isUp, let ledger = site.ledger else {
                reasons.append("\(site.id) is down")
                continue
            }
            for rotten in rottenOps where sites[rotten.site].id == site.id {
                guard let op = site.storage.op(rotten.dot), let known = book.entries[rotten.dot] else { continue }
                let isElsewhere = sites.contains { $0.id != site.id && $0.storage.op(rotten.dot) != nil }
                if op.body != known.body, isElsewhere { reasons.append("\(rotten.dot) is damaged at \(site.id)") }
            }
            if !site.storage.damagedDocuments(after: nil, limit: .max).damaged.isEmpty {
                reasons.append("\(site.id) has damaged documents")
            }
            if site.machine?.status.transfer.differing.isEmpty == false {
                reasons.append("\(site.id) sees another site differ")
            }
            // Tasks go on for ever: the scrub looks at everything again and again.
            let waits = site.pipeline.edits.count + site.pipeline.applications.count
            if waits > 0 || site.pipeline.out.map({ !$0.edits.isEmpty || !$0.applications.isEmpty }) ?? false {
                reasons.append("\(site.id) is writing")
            }
            if ledger.isJoining { reasons.append("\(site.id) is joining") }
            let held = site.storage.heldBack().count
            if held > 0 { reasons.append("\(site.id) holds back \(held) ops") }
        }
        for link in links where !link.isUp {
            reasons.append("no link between \(sites[link.low].id) and \(sites[link.high].id)")
        }
        for (one, other) in zip(sites, sites.dropFirst()) where one.ledger?.vector != other.ledger?.vector {
            let left = one.ledger?.vector ?? VersionVector()
            let right = other.ledger?.vector ?? VersionVector()
            reasons.append(
                "\(one.id) has \(left.beyond(right).text) and lacks \(right.beyond(left).text) of \(other.id)"
            )
        }
        if !wishes.isEmpty { reasons.append("operators want \(wishes)") }
        let standing = Set(sites.compactMap { $0.machine?.membership })
        if standing.count > 1 { reasons.append("sites know of other members") }
        return reasons
    }
}

extension VersionVector {
    /// For people.
    var text: String { heads.isEmpty ? "nothing" : heads.map(\.description).joined(separator: " ") }
}
