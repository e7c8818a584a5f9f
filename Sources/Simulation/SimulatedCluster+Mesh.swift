import Kernel
import Replication
import SiteCore

/// The virtual mesh: sessions, frames, cuts.
extension SimulatedCluster {
    func key(_ one: Int, _ other: Int) -> [Int] { [min(one, other), max(one, other)] }

    mutating func planDial(_ one: Int, _ other: Int, within: Int64) {
        let pair = key(one, other)
        let delay = Span.milliseconds(Int64.random(in: 20...max(21, within), using: &random))
        queue.plan(.dial(pair[0], pair[1]), at: now + delay)
    }

    /// Brings a session up when both sites run, nothing cuts them off, and both know that the last one is over.
    mutating func dial(_ low: Int, _ high: Int) {
        guard var link = links[[low, high]], link.session == nil, !link.isCut, sites[low].machine != nil,
            sites[high].machine != nil
        else { return }
        guard link.believed.isEmpty else { return planDial(low, high, within: 500) }
        link.lastSession += 1
        link.session = link.lastSession
        link.believed = [low: link.lastSession, high: link.lastSession]
        for end in [low, high] {
            let at = now + .milliseconds(Int64.random(in: link.delay, using: &random))
            link.lastArrival[end] = at
            let peer = link.other(than: end)
            queue.plan(.linkUp(site: end, peer: peer, session: link.lastSession), at: at)
        }
        links[[low, high]] = link
        note("link.session")
    }

    mutating func linkUp(_ site: Int, _ peer: Int, _ session: Int) {
        guard links[key(site, peer)]?.believed[site] == session, sites[site].machine != nil else { return }
        tell(site, .linkUp(sites[peer].id))
    }

    mutating func linkDown(_ site: Int, _ peer: Int, _ session: Int) {
        guard links[key(site, peer)]?.believed[site] == session else { return }
        links[key(site, peer)]?.believed[site] = nil
        tell(site, .linkDown(sites[peer].id))
        planDial(site, peer, within: 700)
    }

    /// Ends the session of a link; what is under way is lost.
    mutating func breakSession(_ one: Int, _ other: Int, noticedWithin: Int64) {
        let pair = key(one, other)
        guard var link = links[pair], let session = link.session else { return }
        link.session = nil
        for end in pair {
            if sites[end].machine == nil {
                link.believed[end] = nil
            } else {
                let at = now + .milliseconds(Int64.random(in: 0...noticedWithin, using: &random))
                // The end hears of the session's beginning first.
                let notBefore = link.lastArrival[end] ?? at
                queue.plan(
                    .linkDown(site: end, peer: link.other(than: end), session: session),
                    at: max(at, notBefore)
                )
            }
        }
        links[pair] = link
    }

    mutating func cut(_ one: Int, _ other: Int, for span: Span) {
        let pair = key(one, other)
        guard links[pair]?.isCut == false else { return }
        links[pair]?.isCut = true
        breakSession(one, other, noticedWithin: 3_000)
        queue.plan(.heal(pair[0], pair[1]), at: now + span)
    }

    mutating func heal(_ low: Int, _ high: Int) {
        links[[low, high]]?.isCut = false
        planDial(low, high, within: 900)
    }

    mutating func send(_ frame: Frame, from: Int, to peer: SiteID) {
        guard let to = sites.firstIndex(where: { $0.id == peer }), var link = links[key(from, to)],
            let session = link.session, link.believed[from] == session
        else { return }
        let delay = Span.milliseconds(Int64.random(in: link.delay, using: &random))
        let at = max(now + delay, link.lastArrival[to] ?? now)
        link.lastArrival[to] = at
        links[key(from, to)] = link
        queue.plan(.frame(from: from, to: to, session: session, FrameCodec.encode(frame)), at: at)
    }

    mutating func arrive(_ bytes: [UInt8], _ from: Int, _ to: Int, _ session: Int) {
        guard let link = links[key(from, to)], link.session == session, link.believed[to] == session else { return }
        hash.add(bytes)
        guard let frame = try? FrameCodec.decode(bytes) else { return note("frame.unreadable") }
        tell(to, .frame(frame, from: sites[from].id))
    }
}
