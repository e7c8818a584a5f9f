import Calls
import ContactCenter
import Kernel
import SIP
import Testing

extension TwoSites {
    /// Brings a call to the point where the phones of several agents ring, one at each of these places.
    mutating func ringAll(at places: [SiteID]) {
        ring(at: places[0])
        for (index, place) in places.enumerated().dropFirst() {
            let (contact, agent) = (contact, AgentID("agent\(index)"))
            at(north) {
                $0.offer(
                    contact,
                    to: agent,
                    reservation: Int64(index),
                    at: place,
                    ringTime: .seconds(10),
                    besideOthers: true,
                    now: $1
                ).outputs
            }
            deliver()
            guard case .offered(let offer, let peer)? = events[place]?.last else { continue }
            at(place) {
                $0.ring(offer, from: peer, sipUser: "bob", headers: [], ringTime: .seconds(10), now: $1)
            }
        }
    }

    func bridge(_ attempt: Int64) -> BridgeID { BridgeID(contact: contact, attempt: attempt) }

    /// The bridges whose agents' halves count as a call.
    var joinedBridges: [BridgeID] {
        [north, south].flatMap { site in
            let bridges = machines[site]?.agentBridges ?? []
            return bridges.filter { machines[site]?.agentPhase(of: $0) == .joined }
        }
    }

    /// Says that a phone has been answered; nothing is delivered yet.
    mutating func picksUp(_ leg: SIPLegID, at site: SiteID) {
        happens(.answered(leg, sdp: Array("answer \(site.name)".utf8)), at: site)
    }
}

@Suite("Several phones ring for one caller")
struct RingAllTests {
    private let first = SIPLegID(2)
    private let second = SIPLegID(4)
    private let elsewhere = SIPReason(cause: 200, text: "Call completed elsewhere")
    private let lost = AgentLegEnd.withdrawn(reason: "answered by another agent")

    @Test("two phones of one site are picked up in the same moment: the first answer wins, the other is let go")
    func sameSite() throws {
        var sites = try TwoSites()
        sites.ringAll(at: [sites.south, sites.south])
        sites.picksUp(second, at: sites.south)
        sites.picksUp(first, at: sites.south)
        sites.deliver()
        #expect(sites.joinedBridges == [sites.bridge(2)])
        #expect(sites.machines[sites.north]?.joinedBridge(of: sites.contact) == sites.bridge(2))
        #expect(sites.commands(sites.south).contains(.hangUp(first, reason: elsewhere)))
        #expect(sites.legEnds(sites.south) == [lost])
        #expect(sites.failures(sites.north) == [.answeredElsewhere])
        #expect(sites.machines[sites.south]?.halfCount == 1)
    }

    @Test("of two phones of two sites one is joined, though the other's answer is on its way over the mesh")
    func acrossSites() throws {
        var sites = try TwoSites()
        sites.ringAll(at: [sites.north, sites.south])
        sites.picksUp(first, at: sites.south)
        sites.picksUp(first, at: sites.north)
        sites.deliver()
        #expect(sites.joinedBridges == [sites.bridge(1)])
        let answers = sites.commands(sites.north).filter { if case .answer = $0 { true } else { false } }
        #expect(answers == [.answer(sites.callerLeg, sdp: Array("answer north".utf8))])
        #expect(sites.legEnds(sites.south) == [lost])
        #expect(sites.commands(sites.south).contains(.hangUp(first, reason: elsewhere)))
        #expect(sites.machines[sites.south]?.halfCount == 0)
        // The caller's site says who won before it says that they talk.
        let told = (sites.events[sites.north] ?? []).filter {
            $0 == .joined(sites.bridge(1)) || $0 == .offerFailed(sites.bridge(2), .answeredElsewhere)
        }
        #expect(told == [.offerFailed(sites.bridge(2), .answeredElsewhere), .joined(sites.bridge(1))])
    }

    @Test("the phones that still ring hear the reason when another is picked up")
    func stopsRinging() throws {
        var sites = try TwoSites()
        sites.ringAll(at: [sites.south, sites.north, sites.south])
        sites.picksUp(first, at: sites.south)
        sites.deliver()
        #expect(sites.joinedBridges == [sites.bridge(1)])
        #expect(sites.commands(sites.north).contains(.hangUp(first, reason: elsewhere)))
        #expect(sites.commands(sites.south).contains(.hangUp(second, reason: elsewhere)))
        #expect(sites.legEnds(sites.north) == [lost])
    }

    @Test("one who refuses leaves the others ringing; the last refusal lets the caller wait for a new offer")
    func refusals() throws {
        var sites = try TwoSites()
        sites.ringAll(at: [sites.south, sites.north])
        sites.happens(.failed(first, status: 486, reason: ""), at: sites.south)
        sites.deliver()
        #expect(sites.failures(sites.north) == [.busy])
        #expect(sites.legEnds(sites.south) == [.failed(.busy)])
        #expect(sites.machines[sites.north]?.agentPhase(of: sites.bridge(2)) == .offering)
        let contact = sites.contact
        let (north, agent) = (sites.north, sites.agent)
        // While one rings, an offer that knows nothing of her is refused.
        sites.at(north) {
            let alone = $0.offer(contact, to: agent, reservation: 9, at: north, ringTime: .seconds(5), now: $1)
            #expect(alone.bridge == nil)
            return alone.outputs
        }
        sites.happens(.failed(first, status: 603, reason: ""), at: sites.north)
        #expect(sites.failures(sites.north) == [.busy, .declined])
        sites.at(north) {
            let again = $0.offer(contact, to: agent, reservation: 9, at: north, ringTime: .seconds(5), now: $1)
            #expect(again.bridge == BridgeID(contact: contact, attempt: 3))
            return again.outputs
        }
    }

    @Test("a link that is lost drops the branch over it alone")
    func linkLost() throws {
        var sites = try TwoSites()
        sites.ringAll(at: [sites.south, sites.north, sites.south])
        sites.down()
        #expect(sites.failures(sites.north) == [.linkLost, .linkLost])
        #expect(sites.machines[sites.south]?.halfCount == 0)
        sites.picksUp(first, at: sites.north)
        #expect(sites.joinedBridges == [sites.bridge(2)])
    }

    @Test("an answer that was lost with the link is refused when the link is back, another having answered")
    func lateAnswer() throws {
        var sites = try TwoSites()
        sites.ringAll(at: [sites.south, sites.north])
        sites.picksUp(first, at: sites.south)
        sites.down()
        sites.picksUp(first, at: sites.north)
        sites.up()
        sites.deliver()
        #expect(sites.joinedBridges == [sites.bridge(2)])
        #expect(sites.commands(sites.south).contains { if case .hangUp(first, _) = $0 { true } else { false } })
        #expect(sites.machines[sites.south]?.halfCount == 0)
    }

    @Test("a caller who gives up stops all phones; silence of all sites brings the caller back")
    func endings() throws {
        var sites = try TwoSites()
        sites.ringAll(at: [sites.south, sites.north, sites.south])
        var silent = sites
        sites.happens(.cancelled(sites.callerLeg, reason: nil), at: sites.north)
        sites.deliver()
        #expect(sites.machines.values.allSatisfy { $0.halfCount == 0 })
        #expect(sites.legEnds(sites.south) == Array(repeating: .withdrawn(reason: "caller gave up"), count: 2))
        silent.pass(.seconds(16))
        silent.deliver()
        #expect(silent.failures(silent.north).count == 3)
        #expect(silent.machines[silent.north]?.hasCaller(silent.contact) == true)
        #expect(silent.machines[silent.north]?.halfCount == 1)
        #expect(silent.machines[silent.south]?.halfCount == 0)
    }

    @Test("the desk's button ends the leg of its own agent only")
    func oneLeg() throws {
        var sites = try TwoSites()
        sites.ringAll(at: [sites.south, sites.south])
        let bridge = sites.bridge(1)
        sites.at(sites.south) { $0.endAgentLeg(of: bridge, by: .agent, reason: "desk", now: $1) }
        sites.deliver()
        #expect(sites.legEnds(sites.south) == [.failed(.declined)])
        #expect(sites.machines[sites.south]?.agentBridges(of: sites.contact) == [sites.bridge(2)])
        #expect(sites.failures(sites.north) == [.declined])
    }
}
