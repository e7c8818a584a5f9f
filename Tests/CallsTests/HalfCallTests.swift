import Calls
import ContactCenter
import Kernel
import SIP
import Testing

@Suite("Two halves make a call")
struct HalfCallTests {
    static let places = ["north", "south"]

    private func place(_ name: String, _ sites: TwoSites) -> SiteID { name == "north" ? sites.north : sites.south }

    @Test("offer, answer and confirmation reach each other at one site and over the mesh", arguments: places)
    func answered(name: String) throws {
        var sites = try TwoSites()
        let site = place(name, sites)
        sites.talk(at: site)
        #expect(sites.commands(sites.north).contains(.answer(sites.callerLeg, sdp: Array("answer".utf8))))
        #expect(sites.machines[site]?.agentPhase(of: sites.bridge) == .joined)
        #expect(sites.machines[sites.north]?.joinedBridge(of: sites.contact) == sites.bridge)
        let invited = sites.commands(site).contains {
            if case .invite(sites.agentLeg, let call) = $0 {
                call.from == "123" && call.sdp == Array("offer".utf8) && call.target == .user("anna")
            } else {
                false
            }
        }
        #expect(invited)
    }

    @Test("the caller hears 180, then 182, and nothing is answered before the agent does")
    func announced() throws {
        var sites = try TwoSites()
        sites.ring(at: sites.south)
        #expect(
            sites.commands(sites.north) == [
                .ring(sites.callerLeg, status: 180, sdp: nil), .ring(sites.callerLeg, status: 182, sdp: nil),
            ]
        )
    }

    @Test("who hangs up first is who hung up; the other's crossing BYE changes nothing", arguments: places)
    func crossing(name: String) throws {
        var sites = try TwoSites()
        let site = place(name, sites)
        sites.talk(at: site)
        sites.happens(.ended(sites.callerLeg, .remoteHangUp(nil)), at: sites.north)
        sites.happens(.ended(sites.agentLeg, .remoteHangUp(nil)), at: site)
        sites.deliver()
        #expect(sites.ends(sites.north) == [.customer])
        #expect(sites.legEnds(site).count == 1)
        #expect(sites.machines.values.allSatisfy { $0.halfCount == 0 })
    }

    @Test("the agent's BYE ends the caller's leg and is on record as the agent's", arguments: places)
    func agentEnds(name: String) throws {
        var sites = try TwoSites()
        let site = place(name, sites)
        sites.talk(at: site)
        sites.happens(.ended(sites.agentLeg, .remoteHangUp(nil)), at: site)
        sites.deliver()
        #expect(sites.ends(sites.north) == [.agent])
        #expect(sites.commands(sites.north).contains(.hangUp(sites.callerLeg, reason: nil)))
        #expect(sites.machines.values.allSatisfy { $0.halfCount == 0 })
    }

    @Test("a phone that is lost ends the call in the network's name")
    func network() throws {
        var sites = try TwoSites()
        sites.talk(at: sites.south)
        sites.happens(.ended(sites.agentLeg, .lost(status: 481)), at: sites.south)
        sites.deliver()
        #expect(sites.ends(sites.north) == [.network])
    }

    @Test("a caller who cancels while the agent's phone rings has its INVITE cancelled", arguments: places)
    func cancelled(name: String) throws {
        var sites = try TwoSites()
        let site = place(name, sites)
        sites.ring(at: site)
        sites.happens(.cancelled(sites.callerLeg, reason: nil), at: sites.north)
        sites.deliver()
        #expect(sites.commands(site).contains(.cancel(sites.agentLeg)))
        #expect(sites.ends(sites.north) == [.customer])
        #expect(sites.legEnds(site) == [.withdrawn(reason: "caller gave up")])
    }

    @Test("an agent who answers a call that was cancelled a moment ago is hung up, not left alone")
    func lateAnswer() throws {
        var sites = try TwoSites()
        sites.ring(at: sites.south)
        sites.happens(.cancelled(sites.callerLeg, reason: nil), at: sites.north)
        sites.happens(.answered(sites.agentLeg, sdp: Array("answer".utf8)), at: sites.south)
        sites.deliver()
        #expect(sites.commands(sites.south).contains(.hangUp(sites.agentLeg, reason: nil)))
        #expect(sites.machines.values.allSatisfy { $0.halfCount == 0 })
    }

    @Test(
        "each refusal of a phone has its meaning, and the caller stays",
        arguments: [
            (486, OfferFailure.busy), (603, .declined), (408, .noAnswer), (480, .noAnswer), (500, .phoneUnreachable),
        ]
    )
    func refused(status: Int, failure: OfferFailure) throws {
        var sites = try TwoSites()
        sites.ring(at: sites.south)
        sites.happens(.failed(sites.agentLeg, status: status, reason: ""), at: sites.south)
        sites.deliver()
        #expect(sites.failures(sites.north) == [failure])
        #expect(sites.legEnds(sites.south) == [.failed(failure)])
        #expect(sites.machines[sites.north]?.hasCaller(sites.contact) == true)
        #expect(sites.ends(sites.north).isEmpty)
    }

    @Test("the desk's button ends a talk in the agent's name, and sends a ringing call back")
    func desk() throws {
        var sites = try TwoSites()
        sites.ring(at: sites.south)
        let contact = sites.contact
        sites.at(sites.south) { $0.endAgentLeg(contact, by: .agent, reason: "desk", now: $1) }
        sites.deliver()
        #expect(sites.failures(sites.north) == [.declined])
        #expect(sites.commands(sites.south).contains(.cancel(sites.agentLeg)))
    }
}
