import ContactCenter
import Kernel
import SiteCore

/// What goes wrong.
extension RoutingWorld {
    mutating func breakSomething() {
        guard !cluster.isSettling else { return }
        plan(.fault, in: chance(mean: .seconds(4), atLeast: .milliseconds(300), atMost: .seconds(20)))
        let faults = options.faults.sorted()
        guard !faults.isEmpty else { return }
        let fault = faults[Int.random(in: 0..<faults.count, using: &random)]
        let length = chance(mean: .seconds(6), atLeast: .milliseconds(200), atMost: .seconds(25))
        began[fault.rawValue, default: 0] += 1
        let bites =
            switch fault {
            case .cut, .oneWay, .flap, .slow: breakLink(fault, length)
            case .sipLoss, .crash, .clock, .slowDisk: breakSite(fault, length)
            case .noAnswer, .pause, .move, .deskLost, .phoneLost: distract(fault, length)
            }
        if bites { bit[fault.rawValue, default: 0] += 1 }
    }

    private mutating func breakLink(_ fault: RoutingFault, _ length: Span) -> Bool {
        let one = Int.random(in: 0..<cluster.sites.count, using: &random)
        let other = (one + Int.random(in: 1..<cluster.sites.count, using: &random)) % cluster.sites.count
        let pair = cluster.key(one, other)
        guard let link = cluster.links[pair], link.session != nil else { return false }
        switch fault {
        case .cut: cut(one, other, for: length)
        case .flap: flap(pair[0], pair[1], left: Int.random(in: 2...6, using: &random))
        case .slow:
            setDelay(pair[0], pair[1], 300...900)
            plan(.linkRecovers(low: pair[0], high: pair[1], delay: link.delay), in: length)
            return link.delay.lowerBound < 300
        default:
            // Frames keep their order, so all that is sent from now on arrives no earlier than this.
            cluster.links[pair]?.lastArrival[other] = max(link.lastArrival[other] ?? .zero, cluster.now + length)
        }
        return true
    }

    mutating func flap(_ low: Int, _ high: Int, left: Int) {
        guard left > 0, !cluster.isSettling else { return }
        let down = Span.milliseconds(Int64.random(in: 50...1_200, using: &random))
        cut(low, high, for: down)
        let next = down + .milliseconds(Int64.random(in: 1_000...4_000, using: &random))
        plan(.flap(low: low, high: high, left: left - 1), in: next)
    }

    /// Cuts a link; also one that is stalled, whose ends then hear of the cut and no longer wait for what was stalled.
    private mutating func cut(_ one: Int, _ other: Int, for span: Span) {
        unstall(one, other)
        cluster.cut(one, other, for: span)
    }

    private mutating func unstall(_ one: Int, _ other: Int) {
        guard let link = cluster.links[cluster.key(one, other)] else { return }
        let latest = cluster.now + .milliseconds(link.delay.upperBound)
        cluster.links[cluster.key(one, other)]?.lastArrival = link.lastArrival.mapValues { min($0, latest) }
    }

    mutating func setDelay(_ low: Int, _ high: Int, _ delay: ClosedRange<Int64>) {
        guard let old = cluster.links[[low, high]] else { return }
        var link = SimulatedLink(low: low, high: high, delay: delay)
        link.isCut = old.isCut
        link.session = old.session
        link.lastSession = old.lastSession
        link.believed = old.believed
        link.lastArrival = old.lastArrival
        cluster.links[[low, high]] = link
    }

    private mutating func breakSite(_ fault: RoutingFault, _ length: Span) -> Bool {
        let site = Int.random(in: 0..<cluster.sites.count, using: &random)
        guard let machine = cluster.sites[site].machine else { return false }
        switch fault {
        case .crash:
            guard cluster.sites.count(where: { $0.machine != nil }) > 1 else { return false }
            let hadWork = !machine.liveContacts.isEmpty || !machine.promises.isEmpty
            redialElsewhere(site)
            for other in cluster.sites.indices where other != site { unstall(site, other) }
            cluster.crash(site, for: length)
            return hadWork
        case .clock:
            let before = cluster.sites[site].skew
            cluster.sites[site].skew = .milliseconds(Int64.random(in: -2_000...2_000, using: &random))
            return before != cluster.sites[site].skew
        case .slowDisk:
            cluster.sites[site].diskDelay = 100...900
            plan(.diskRecovers(site: site), in: length)
        default:
            cluster.sipLoss = 150
            plan(.wireRecovers, in: length)
        }
        return true
    }

    /// Some of those who wait at a site that dies are presented at another one within seconds.
    private mutating func redialElsewhere(_ site: Int) {
        for address in cluster.callers.keys.sorted() {
            guard let call = dialled[address], call.site == site, cluster.callers[address]?.state == .calling,
                Int.random(in: 0..<3, using: &random) > 0
            else { continue }
            let other = (site + Int.random(in: 1..<cluster.sites.count, using: &random)) % cluster.sites.count
            let span = Span.milliseconds(Int64.random(in: 500...8_000, using: &random))
            plan(.redial(from: call.from, number: call.number, site: other), in: span)
            cluster.note("caller.presentedAgain")
        }
    }

    private mutating func distract(_ fault: RoutingFault, _ length: Span) -> Bool {
        let agent = Int.random(in: 0..<cluster.agents.count, using: &random)
        let person = cluster.agents[agent]
        let site = cluster.sites[person.site]
        let desk = site.machine?.desk(person.id, at: site.moment(cluster.now))
        switch fault {
        case .noAnswer:
            cluster.phones[person.phone]?.habit = .ignores
            plan(.habitEnds(agent: agent), in: length * 3)
            return desk != nil
        case .pause:
            breakUntil[agent] = cluster.now + length
            cluster.atDesk(agent, .notReady(reason: "break"))
            return desk != nil
        case .move: return moveAgent(agent)
        case .deskLost:
            deskBackAt[agent] = cluster.now + length * 2
            return desk != nil
        default:
            let isKnown = desk?.phoneIsRegistered == true
            if let line = cluster.phones[person.phone]?.line { cluster.lostMedia.insert(line.media) }
            if cluster.phones.removeValue(forKey: person.phone) != nil {
                cluster.phonesLost[person.phone, default: 0] += 1
            }
            plan(.phoneBack(agent: agent), in: length * 2)
            return isKnown
        }
    }
}
