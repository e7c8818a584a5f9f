import Calls
import ContactCenter
import Kernel
import SIP
import Testing

@Suite("Passing a call on")
struct PassingOnTests {
    let boris = AgentID("boris")

    /// A talk of the caller at north with Anna, and Boris's phone that rings for the same contact afterwards.
    private func released() throws -> (TwoSites, BridgeID) {
        var sites = try TwoSites()
        sites.talk(at: sites.south)
        let contact = sites.contact
        sites.at(sites.north) { $0.release(contact, by: .agent, reason: "passed on", now: $1) }
        sites.deliver()
        let boris = boris
        let south = sites.south
        sites.at(sites.north) {
            $0.offer(contact, to: boris, reservation: 6, at: south, ringTime: .seconds(10), now: $1).outputs
        }
        sites.deliver()
        sites.answerOffers(at: south, user: "boris")
        return (sites, BridgeID(contact: contact, attempt: 2))
    }

    @Test("The first agent's phone hears BYE, the caller's hears nothing, and the next phone is asked for an offer")
    func theCallerStaysOnTheLine() throws {
        let (sites, _) = try released()
        #expect(sites.commands(sites.south).contains(.hangUp(sites.agentLeg, reason: nil)))
        #expect(!sites.commands(sites.north).contains { $0.isEnd })
        let invitation = try #require(sites.invitations(sites.south).last)
        #expect(invitation.sdp == nil)
        #expect(sites.legEnds(sites.south) == [.finished(by: .agent, reason: "passed on")])
    }

    @Test("The caller is asked to take the next agent's session, and her phone gets the caller's answer")
    func theNextAgentIsJoined() throws {
        var (sites, bridge) = try released()
        sites.happens(.answered(SIPLegID(4), sdp: Array("boris offers".utf8)), at: sites.south)
        sites.deliver()
        #expect(sites.commands(sites.north).last == .reoffer(sites.callerLeg, sdp: Array("boris offers".utf8)))
        #expect(sites.machines[sites.north]?.joinedBridge(of: sites.contact) == nil)
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: Array("caller answers".utf8)), at: sites.north)
        sites.deliver()
        #expect(sites.commands(sites.south).last == .acknowledge(SIPLegID(4), sdp: Array("caller answers".utf8)))
        #expect(sites.machines[sites.north]?.joinedBridge(of: sites.contact) == bridge)
        #expect(sites.events[sites.south]?.last == .connected(bridge))
    }

    @Test("A caller's phone that refuses the new session keeps its call, and the contact waits again")
    func aRefusedChangeLosesNothing() throws {
        var (sites, _) = try released()
        sites.happens(.answered(SIPLegID(4), sdp: Array("boris offers".utf8)), at: sites.south)
        sites.deliver()
        sites.happens(.reofferRejected(sites.callerLeg, status: 488), at: sites.north)
        sites.deliver()
        #expect(sites.failures(sites.north) == [.phoneUnreachable])
        #expect(sites.machines[sites.north]?.hasCaller(sites.contact) == true)
        #expect(sites.commands(sites.south).last == .hangUp(SIPLegID(4), reason: nil))
    }

    @Test("A caller who hangs up while the next phone rings takes the ring back")
    func hangingUpInBetween() throws {
        var (sites, _) = try released()
        sites.happens(.ended(sites.callerLeg, .remoteHangUp(nil)), at: sites.north)
        sites.deliver()
        #expect(sites.commands(sites.south).last == .cancel(SIPLegID(4)))
        #expect(sites.ends(sites.north) == [.customer])
    }

    @Test("An answered caller who changes the session while nobody is there gets the one that stands")
    func aChangeWhileWaitingIsAnswered() throws {
        var (sites, _) = try released()
        sites.happens(.reoffered(sites.callerLeg, sdp: Array("new".utf8)), at: sites.north)
        #expect(sites.commands(sites.north).last == .answerReoffer(sites.callerLeg, sdp: Array("answer".utf8)))
    }

    @Test("Somebody outside is called by the trunk and joined like an agent")
    func anOutsideNumber() throws {
        var sites = try TwoSites()
        sites.talk(at: sites.south)
        let contact = sites.contact
        sites.at(sites.north) { $0.release(contact, by: .agent, reason: "passed on", now: $1) }
        sites.deliver()
        sites.at(sites.north) {
            $0.offer(contact, toNumber: "0401", by: "carrier", firstDialled: "100", ringTime: .seconds(30), now: $1)
                .outputs
        }
        let invitation = try #require(sites.invitations(sites.north).last)
        #expect(invitation.target == .trunk("carrier", number: "0401"))
        #expect(invitation.firstDialled == "100")
        let bridge = BridgeID(contact: contact, attempt: 2)
        sites.happens(.answered(SIPLegID(2), sdp: Array("outside offers".utf8)), at: sites.north)
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: Array("caller answers".utf8)), at: sites.north)
        #expect(sites.machines[sites.north]?.joinedBridge(of: contact) == bridge)
        sites.happens(.ended(SIPLegID(2), .remoteHangUp(nil)), at: sites.north)
        #expect(sites.commands(sites.north).last == .hangUp(sites.callerLeg, reason: nil))
        #expect(
            sites.events[sites.north]?.contains(.outsideLegOver(bridge, .finished(by: .agent, reason: "hung up")))
                == true
        )
    }

    @Test("Early media of a number outside reaches a caller who was not answered yet")
    func earlyMedia() throws {
        var sites = try TwoSites()
        sites.arrive()
        let contact = sites.contact
        sites.at(sites.north) {
            $0.offer(contact, toNumber: "0401", by: "carrier", firstDialled: nil, ringTime: .seconds(30), now: $1)
                .outputs
        }
        sites.happens(.ringing(SIPLegID(2), status: 183, sdp: Array("early".utf8)), at: sites.north)
        #expect(sites.commands(sites.north).last == .ring(sites.callerLeg, status: 183, sdp: Array("early".utf8)))
    }

    @Test("Keys that either phone reports reach the other")
    func digitsArePassedOn() throws {
        var sites = try TwoSites()
        sites.talk(at: sites.south)
        let info = SIPInfo(contentType: "application/dtmf-relay", body: Array("Signal=5".utf8))
        sites.happens(.info(sites.agentLeg, info), at: sites.south)
        sites.deliver()
        #expect(sites.commands(sites.north).last == .info(sites.callerLeg, info))
        sites.happens(.info(sites.callerLeg, info), at: sites.north)
        sites.deliver()
        #expect(sites.commands(sites.south).last == .info(sites.agentLeg, info))
        let bridge = sites.bridge
        sites.at(sites.south) { $0.sendDigits(bridge, "12", now: $1) }
        sites.deliver()
        #expect(sites.commands(sites.north).suffix(2).allSatisfy { if case .info = $0 { true } else { false } })
    }

    @Test("A phone that asks for an offer gets what it has, and its answer reaches the other party")
    func changesWithoutOffer() throws {
        var sites = try TwoSites()
        sites.talk(at: sites.south)
        sites.happens(.reoffered(sites.callerLeg, sdp: nil), at: sites.north)
        #expect(sites.commands(sites.north).last == .answerReoffer(sites.callerLeg, sdp: Array("answer".utf8)))
        sites.happens(.acknowledged(sites.callerLeg, sdp: Array("late".utf8)), at: sites.north)
        sites.deliver()
        #expect(sites.commands(sites.south).last == .reoffer(sites.agentLeg, sdp: Array("late".utf8)))
        sites.happens(.reofferAnswered(sites.agentLeg, sdp: Array("fine".utf8)), at: sites.south)
        sites.deliver()
        sites.happens(.reoffered(sites.agentLeg, sdp: Array("again".utf8)), at: sites.south)
        sites.deliver()
        #expect(sites.commands(sites.north).last == .reoffer(sites.callerLeg, sdp: Array("again".utf8)))
    }
}

extension SIPCommand {
    /// Whether it ends a leg.
    var isEnd: Bool {
        switch self {
        case .hangUp, .cancel, .reject: true
        default: false
        }
    }
}
