import Kernel
import Replication

// The virtual network: sessions, frames, and how links end.
extension RecordsWorld {
    func linkPlace(_ one: Int, _ other: Int) -> Int {
        let low = min(one, other)
        let high = max(one, other)
        // Links stand in the order of their lower, then their higher end.
        return low * sites.count - low * (low + 1) / 2 + (high - low - 1)
    }

    mutating func planDial(_ one: Int, _ other: Int, within: Int64) {
        let delay = Span.milliseconds(Int64.random(in: 20...max(21, within), using: &netRandom))
        queue.plan(.dial(low: min(one, other), high: max(one, other)), at: now + delay)
    }

    /// Brings a session up when both sites run, nothing cuts them off, and both know that the last one is over.
    mutating func dial(_ low: Int, _ high: Int) {
        let place = linkPlace(low, high)
        guard links[place].session == nil, !links[place].isCut, sites[low].isUp, sites[high].isUp else { return }
        guard links[place].believed == [nil, nil], sites[low].asleep == nil, sites[high].asleep == nil else {
            return planDial(low, high, within: 500)
        }
        links[place].lastSession += 1
        let session = links[place].lastSession
        links[place].session = session
        links[place].believed = [session, session]
        links[place].ways[0].begin(at: now)
        links[place].ways[1].begin(at: now)
        for end in [low, high] {
            let delay = Span.milliseconds(Int64.random(in: links[place].delay, using: &netRandom))
            // What the other end sends comes after the news of the session.
            let peer = end == low ? high : low
            links[place].ways[end == low ? 1 : 0].lastArrival = now + delay
            queue.plan(.linkUp(site: end, peer: peer, session: session), at: now + delay)
        }
    }

    mutating func linkUp(_ site: Int, _ peer: Int, _ session: Int) {
        let place = linkPlace(site, peer)
        guard links[place].believed[links[place].end(site)] == session, sites[site].isUp else { return }
        tell(site, .linkUp(sites[peer].id))
        pump(site)
    }

    mutating func linkDown(_ site: Int, _ peer: Int, _ session: Int) {
        let place = linkPlace(site, peer)
        guard links[place].believed[links[place].end(site)] == session else { return }
        links[place].believed[links[place].end(site)] = nil
        let name = sites[peer].id
        tell(site, .linkDown(name))
        if sites[site].linked.remove(name) != nil {
            watch(site, sites[site].detector?.handle(.linkDown(name), at: now))
        }
        pump(site)
        planDial(site, peer, within: 700)
    }

    /// Ends the session of a link: a little of what is under way still arrives, the rest is lost, and each end notices
    /// in its own time.
    mutating func breakSession(_ place: Int, noticedWithin: Int64) {
        guard let session = links[place].session else { return }
        links[place].session = nil
        let link = links[place]
        for way in [0, 1] where link.ways[way].carries(session, at: now) {
            let grace = Span.milliseconds(Int64.random(in: 0...link.delay.upperBound, using: &netRandom))
            links[place].ways[way].dead = (session, now + grace)
        }
        for (end, site) in [link.low, link.high].enumerated() where link.believed[end] == session {
            guard sites[site].isUp else {
                links[place].believed[end] = nil
                continue
            }
            // The end hears of the session's beginning first.
            let notBefore = max(now, link.ways[1 - end].lastArrival)
            let at = max(notBefore, now + .milliseconds(Int64.random(in: 0...noticedWithin, using: &netRandom)))
            queue.plan(.linkDown(site: site, peer: link.other(than: site), session: session), at: at)
        }
    }

    /// A session over which nothing comes any more is given up, if that is still so.
    mutating func giveUp(_ low: Int, _ high: Int, _ session: Int) {
        let place = linkPlace(low, high)
        guard links[place].session == session else { return }
        let isSilent = links[place].ways.contains { way in
            !way.carries(session, at: now) || way.isGarbled || way.stalledUntil.map { $0 > now } ?? false
        }
        let isAsleep = sites[low].asleep != nil || sites[high].asleep != nil
        guard isSilent || isAsleep else { return }
        if isAsleep { reach.note(.linkOutslept) }
        breakSession(place, noticedWithin: 500)
    }

    /// Plans that a silent session is given up.
    mutating func planGiveUp(_ place: Int) {
        guard let session = links[place].session else { return }
        let patience = Limits.meshIdleTimeout + .milliseconds(Int64.random(in: 0...1_000, using: &netRandom))
        queue.plan(.giveUp(low: links[place].low, high: links[place].high, session: session), at: now + patience)
    }

    // MARK: Frames

    mutating func send(_ frame: Frame, from: Int, to peer: SiteID) {
        guard let to = sites.firstIndex(where: { $0.id == peer }), to != from else { return }
        let place = linkPlace(from, to)
        let way = links[place].end(from)
        guard let session = links[place].believed[way] else { return }
        let bytes = FrameEnvelope(frame).encoded()
        frames += 1
        links[place].ways[way].framesThisSecond += 1
        guard links[place].session == session, links[place].ways[way].carries(session, at: now) else {
            return lostFrame(place, way)
        }
        guard links[place].ways[way].rate != nil else { return fly(bytes, place, way, session) }
        links[place].ways[way].waiting[Int(frame.trafficClass.rawValue)].append(bytes)
        links[place].ways[way].waitingBytes += bytes.count
        if links[place].ways[way].waitingBytes > Limits.meshDurableQueueBytesMax {
            reach.note(.linkOverflowed)
            return breakSession(place, noticedWithin: 100)
        }
        if links[place].ways[way].isSending {
            reach.note(.linkWaited)
            bite(.slowLink, link: place)
        } else {
            sendNext(place, way, session)
        }
    }

    /// Puts the next waiting frame on a slow wire.
    private mutating func sendNext(_ place: Int, _ way: Int, _ session: Int) {
        guard let bytes = links[place].ways[way].takeNext() else {
            links[place].ways[way].isSending = false
            return
        }
        links[place].ways[way].isSending = true
        fly(bytes, place, way, session)
        let rate = links[place].ways[way].rate ?? 1_000_000
        let link = links[place]
        queue.plan(
            .sent(from: way == 0 ? link.low : link.high, to: way == 0 ? link.high : link.low, session: session),
            at: now + .milliseconds(Int64(bytes.count) * 1_000 / max(rate, 1))
        )
    }

    mutating func sent(_ from: Int, _ to: Int, _ session: Int) {
        let place = linkPlace(from, to)
        guard links[place].session == session else { return }
        sendNext(place, links[place].end(from), session)
    }

    private mutating func fly(_ frame: [UInt8], _ place: Int, _ way: Int, _ session: Int) {
        var bytes = frame
        var at = now + .milliseconds(Int64.random(in: links[place].delay, using: &netRandom))
        if links[place].ways[way].garbles {
            links[place].ways[way].garbles = false
            links[place].ways[way].isGarbled = true
            let bit = Int.random(in: 0..<bytes.count * 8, using: &netRandom)
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            planGiveUp(place)
        }
        if let stalled = links[place].ways[way].stalledUntil, stalled > at {
            reach.note(.linkStalled)
            bite(.stall, link: place)
            at = stalled
        }
        let link = links[place]
        let ends = way == 0 ? (link.low, link.high) : (link.high, link.low)
        let event = WorldEvent.bytes(from: ends.0, to: ends.1, session: session, bytes)
        guard options.isHostile, !isSettling else {
            at = max(at, links[place].ways[way].lastArrival)
            links[place].ways[way].lastArrival = at
            return queue.plan(event, at: at)
        }
        let chance = Int.random(in: 0..<100, using: &netRandom)
        if chance < Limits.simulatedHostileLoss { return reach.note("hostile.lost") }
        if chance < Limits.simulatedHostileLoss * 2 {
            reach.note("hostile.repeated")
            queue.plan(event, at: at + .milliseconds(Int64.random(in: 0...400, using: &netRandom)))
        }
        if chance >= 100 - Limits.simulatedHostileLoss * 2 {
            reach.note("hostile.late")
            at = at + .milliseconds(Int64.random(in: 1...300, using: &netRandom))
        }
        queue.plan(event, at: at)
    }

    private mutating func lostFrame(_ place: Int, _ way: Int) {
        reach.note(.linkLostFrames)
        for kind in [RecordsFault.cut, .oneWayCut, .flap] { bite(kind, link: place) }
    }

    mutating func arrive(_ bytes: [UInt8], _ from: Int, _ to: Int, _ session: Int) {
        let place = linkPlace(from, to)
        let way = links[place].end(from)
        guard links[place].believed[1 - way] == session, sites[to].isUp else { return }
        guard links[place].ways[way].carries(session, at: now) else { return lostFrame(place, way) }
        trace.add(frame: bytes, from: from, to: to)
        let bodies: [[UInt8]]
        do throws(FrameError) {
            bodies = try links[place].ways[way].decoder.receive(bytes).map(\.body)
        } catch {
            return refuse(place, way, "\(error)")
        }
        for body in bodies {
            do throws(FrameError) {
                receive(try FrameCodec.decode(body), from, to)
            } catch {
                return refuse(place, way, "\(error)")
            }
        }
        pump(to)
    }

    private mutating func receive(_ frame: Frame, _ from: Int, _ to: Int) {
        let peer = sites[from].id
        if case .heartbeat(let heartbeat) = frame {
            guard sites[to].linked.contains(peer) else { return }
            watch(to, sites[to].detector?.handle(.heartbeat(peer, heartbeat), at: now))
        }
        if case .probe(let probe) = frame, sites[to].linked.contains(peer) {
            watch(to, sites[to].detector?.handle(.probe(peer, probe), at: now))
        }
        tell(to, .frame(peer, frame))
    }

    private mutating func refuse(_ place: Int, _ way: Int, _ why: String) {
        reach.note(.linkGarbage)
        bite(.garbage, link: place)
        if !links[place].ways[way].isGarbled {
            fail("no unexpected alarm", "a frame that nobody touched could not be read: \(why)")
        }
        breakSession(place, noticedWithin: 100)
    }
}
