import Replication
import Kernel
import SIP
import SiteCore

/// What goes wrong, and how it ends.
extension SimulatedCluster {
    mutating func breakSomething() {
        guard !isSettling else { return }
        queue.plan(.fault, at: now + .milliseconds(Int64.random(in: 800...6_000, using: &random)))
        let kinds = options.faults.sorted()
        guard !kinds.isEmpty else { return }
        let kind = kinds[Int.random(in: 0..<kinds.count, using: &random)]
        let site = Int.random(in: 0..<sites.count, using: &random)
        let other = (site + Int.random(in: 1..<sites.count, using: &random)) % sites.count
        let length = Span.milliseconds(Int64.random(in: 300...14_000, using: &random))
        switch kind {
        case .cut: cut(site, other, for: length)
        case .crash:
            guard sites[site].machine != nil, sites.count(where: { $0.machine != nil }) > 1 else { return }
            crash(site, for: length)
        case .slowDisk:
            sites[site].diskDelay = 100...900
            queue.plan(.diskRecovers(site: site), at: now + length)
        case .fullDisk:
            sites[site].diskIsFull = true
            queue.plan(.diskRecovers(site: site), at: now + .milliseconds(min(length.milliseconds, 4_000)))
        case .sipLoss:
            sipLoss = 150
            queue.plan(.wireRecovers, at: now + length)
        case .slowLookUp:
            sites[site].lookUpDelay = 200...1_500
            queue.plan(.diskRecovers(site: site), at: now + length)
        case .doubleSignIn: return
        }
        faults[kind.rawValue, default: 0] += 1
    }

    mutating func crash(_ site: Int, for length: Span) {
        // Sometimes the batch under way reached the disk, only nobody lived to hear of it.
        if let batch = sites[site].writing, Bool.random(using: &random) {
            note("crash.afterWrite")
            _ = sites[site].write(batch)
        }
        forgottenCalls.formUnion(sites[site].machine?.allCallIDs ?? [])
        for other in sites { forgottenCalls.formUnion(other.machine?.callIDs(with: sites[site].id) ?? []) }
        sites[site].crash()
        books.crashed(site)
        lastLines.append("\(Double(now.milliseconds) / 1_000) \(sites[site].id) CRASH")
        for peer in sites.indices where peer != site {
            links[key(site, peer)]?.believed[site] = nil
            breakSession(site, peer, noticedWithin: 1_200)
        }
        queue.plan(.restart(site: site), at: now + length)
    }

    mutating func recoverDisk(_ site: Int) {
        sites[site].diskDelay = 1...6
        sites[site].diskIsFull = false
        sites[site].lookUpDelay = 1...20
    }

    /// The second part of a run: everything works again, nobody calls any more.
    mutating func settle() {
        isSettling = true
        sipLoss = 0
        for index in sites.indices {
            recoverDisk(index)
            boot(index)
        }
        for pair in links.keys.sorted(by: { ($0[0], $0[1]) < ($1[0], $1[1]) }) { heal(pair[0], pair[1]) }
        for address in phones.keys.sorted() { phones[address]?.isDiligent = true }
        trunk.isDiligent = true
        note("settling")
    }

    /// Notes since when all sites run, see each other with nothing held up between them, and the wire loses next to
    /// nothing.
    mutating func noteSoundness() {
        let now = now
        let isSound =
            sipLoss <= 5 && sites.allSatisfy { $0.machine != nil && !$0.diskIsFull && $0.diskDelay.upperBound < 100 }
            && links.values.allSatisfy { link in
                link.session != nil && !link.isCut && link.believed.count == 2
                    && link.lastArrival.values.allSatisfy { $0 <= now + .milliseconds(link.delay.upperBound) }
            }
        if !isSound { soundSince = nil } else if soundSince == nil { soundSince = now }
    }

    /// What has not come to rest yet; empty when all is quiet.
    var unsettled: [String] {
        var reasons: [String] = []
        for site in sites {
            guard let machine = site.machine else {
                reasons.append("\(site.id) is down")
                continue
            }
            reasons += machine.unfinished.map { "\(site.id): \($0)" }
            if site.writing != nil { reasons.append("\(site.id) is writing") }
        }
        for link in links.values.sorted(by: { ($0.low, $0.high) < ($1.low, $1.high) })
        where link.session == nil || link.believed.count < 2 {
            reasons.append("no link between \(sites[link.low].id) and \(sites[link.high].id)")
        }
        for address in callers.keys.sorted() where callers[address]?.isOver == false {
            reasons.append("caller \(address) is still on the line")
        }
        for address in phones.keys.sorted() {
            if let state = phones[address]?.state, state != .idle { reasons.append("phone \(address): \(state)") }
            if let legs = phones[address]?.endpoint.callIDs.count, legs > 0 {
                reasons.append("phone \(address) has \(legs) calls in its memory")
            }
        }
        if !trunk.people.isEmpty { reasons.append("\(trunk.people.count) people outside are still on the line") }
        let vectors = Set(sites.compactMap { $0.ledger?.vector })
        if vectors.count > 1 { reasons.append("the sites have not the same ops") }
        return reasons
    }
}
