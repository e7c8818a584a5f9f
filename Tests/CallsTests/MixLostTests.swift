import Calls
import ContactCenter
import Kernel
import SIP
import Testing

@Suite("A mixer that dies leaves nobody in silence")
struct MixLostTests {
    private let supervisorLeg = SIPLegID(4)
    private let borisLeg = SIPLegID(4)
    private let guest = BridgeID(contact: ContactID("south-1-1"), attempt: 1)

    private static func text(_ session: [UInt8]) -> String { String(decoding: session, as: UTF8.self) }

    /// Customer, anna and boris, whom she asked, speak in a room; anna and boris are at south.
    private func conference() throws -> TwoSites {
        var sites = try TwoSites(
            offer: HoldAndConsultTests.callerSession,
            answer: HoldAndConsultTests.annaSession
        )
        sites.talk(at: sites.south)
        let (bridge, contact, south) = (sites.bridge, guest.contact, sites.south)
        sites.at(south) { $0.consult(beside: bridge, as: contact, number: "200", name: "Anna", now: $1).outputs }
        sites.deliver()
        sites.settleTurn(HoldAndConsultTests.callerSession)
        sites.at(south) {
            $0.offer(contact, to: AgentID("boris"), reservation: 9, at: south, ringTime: .seconds(10), now: $1).outputs
        }
        sites.answerOffers(at: south, user: "boris")
        sites.happens(.answered(borisLeg, sdp: HoldAndConsultTests.borisSession), at: south)
        sites.happens(.reofferAnswered(sites.agentLeg, sdp: HoldAndConsultTests.annaSession), at: south)
        sites.deliver()
        sites.at(south) {
            $0.handOver(bridge, to: contact, agent: AgentID("boris"), isConference: true, now: $1).outputs
        }
        sites.deliver()
        comeIn(&sites)
        return sites
    }

    /// The mixer has a place for all three, and their phones take it.
    private func comeIn(_ sites: inout TwoSites) {
        sites.openRoom(party: guest.description, "for boris")
        sites.happens(.reofferAnswered(borisLeg, sdp: HoldAndConsultTests.borisSession), at: sites.south)
        sites.openRoom(party: "customer", "for customer")
        sites.openRoom(party: sites.bridge.description, "for anna")
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: HoldAndConsultTests.callerSession), at: sites.north)
        sites.happens(.reofferAnswered(sites.agentLeg, sdp: HoldAndConsultTests.annaSession), at: sites.south)
        sites.deliver()
    }

    private func lose(_ sites: inout TwoSites) {
        sites.at(sites.north) { $0.mixerLost(now: $1) }
        sites.deliver()
    }

    /// Both phones take what they are offered; then each has the other's own session.
    private func expectDirect(_ sites: inout TwoSites) {
        #expect(sites.lastOffer(sites.north, sites.callerLeg) == Self.text(HoldAndConsultTests.annaSession))
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: HoldAndConsultTests.callerSession), at: sites.north)
        sites.deliver()
        #expect(sites.lastOffer(sites.south, sites.agentLeg) == Self.text(HoldAndConsultTests.callerSession))
        sites.happens(.reofferAnswered(sites.agentLeg, sdp: HoldAndConsultTests.annaSession), at: sites.south)
        sites.deliver()
        #expect(sites.machines[sites.north]?.isSettled(sites.callerLeg) == true)
        #expect(sites.machines[sites.south]?.isSettled(sites.agentLeg) == true)
    }

    @Test("The supervisor is let go with the reason, customer and agent hear each other directly")
    func supervised() throws {
        var sites = try MixingTests().supervised(.barge)
        lose(&sites)
        #expect(sites.commands(sites.south).contains(.hangUp(supervisorLeg, reason: nil)))
        #expect(sites.legEnds(sites.south) == [.finished(by: .system, reason: CallMachine.mixerGone)])
        #expect(sites.events[sites.north]?.contains(.mixFailed(sites.contact)) == true)
        #expect(sites.lastOffer(sites.north, sites.callerLeg)?.contains("anna") == true)
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: Array("customer".utf8)), at: sites.north)
        sites.deliver()
        #expect(sites.lastOffer(sites.south, sites.agentLeg)?.contains("customer") == true)
        #expect(sites.machines[sites.north]?.joinedBridge(of: sites.contact) == sites.bridge)
        #expect(sites.machines[sites.north]?.guests(of: sites.contact).isEmpty == true)
    }

    @Test("A supervisor who had not come in yet changes nothing for the two")
    func notInYet() throws {
        var sites = try TwoSites()
        sites.talk(at: sites.south)
        let (contact, south) = (sites.contact, sites.south)
        let bridge = BridgeID(contact: ContactID("south-9-9"), attempt: 1)
        sites.at(sites.north) {
            $0.supervise(contact, over: bridge, by: AgentID("vera"), reservation: 7, at: south, .listen, now: $1)
                .outputs
        }
        sites.deliver()
        sites.answerOffers(at: south, user: "vera")
        let before = sites.commands(sites.north).count
        lose(&sites)
        #expect(sites.commands(sites.north).count == before)
        #expect(sites.commands(south).last == .cancel(supervisorLeg))
    }

    @Test("Whoever was brought in waits; the room is made anew when the mixer is back in time")
    func rebuilt() throws {
        var sites = try conference()
        lose(&sites)
        expectDirect(&sites)
        #expect(!sites.commands(sites.south).contains(.hangUp(borisLeg, reason: nil)))
        sites.mixes = [:]
        sites.pass(Limits.mixRebuildMax - .seconds(1))
        sites.at(sites.north) { $0.mixerBack(now: $1) }
        #expect(sites.mixes[sites.north] == [.mixOpen(party: guest.description)])
        sites.sip = [:]
        comeIn(&sites)
        #expect(sites.lastOffer(sites.south, borisLeg) == "for boris")
        #expect(sites.lastOffer(sites.north, sites.callerLeg) == "for customer")
        #expect(sites.lastOffer(sites.south, sites.agentLeg) == "for anna")
        guard case .mixHearing(let hearing)? = sites.mixes[sites.north]?.last else {
            Issue.record("nobody was told who hears whom")
            return
        }
        #expect(hearing.count == 3 && hearing.allSatisfy { $0.hears.count == 2 })
        sites.pass(Limits.mixRebuildMax)
        #expect(!sites.commands(sites.south).contains(.hangUp(borisLeg, reason: nil)))
    }

    @Test("When the mixer stays away the third is let go with the reason, and the two talk on")
    func staysAway() throws {
        var sites = try conference()
        lose(&sites)
        expectDirect(&sites)
        sites.pass(Limits.mixRebuildMax)
        sites.deliver()
        #expect(sites.commands(sites.south).contains(.hangUp(borisLeg, reason: nil)))
        #expect(sites.legEnds(sites.south).contains(.finished(by: .system, reason: CallMachine.mixerGone)))
        #expect(sites.events[sites.north]?.contains(.mixFailed(sites.contact)) == true)
        #expect(sites.machines[sites.north]?.joinedBridge(of: sites.contact) == sites.bridge)
        sites.at(sites.north) { $0.mixerBack(now: $1) }
        #expect(sites.mixes[sites.north]?.last == .mixEnd)
    }

    @Test("The agent leaves while the mixer is away: the third has the customer, directly")
    func agentLeaves() throws {
        var sites = try conference()
        lose(&sites)
        expectDirect(&sites)
        sites.happens(.ended(sites.agentLeg, .remoteHangUp(nil)), at: sites.south)
        sites.deliver()
        #expect(sites.machines[sites.north]?.joinedBridge(of: sites.contact) == guest)
        #expect(sites.lastOffer(sites.north, sites.callerLeg) == Self.text(HoldAndConsultTests.borisSession))
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: HoldAndConsultTests.callerSession), at: sites.north)
        sites.deliver()
        #expect(sites.lastOffer(sites.south, borisLeg) == Self.text(HoldAndConsultTests.callerSession))
    }

    @Test("Nobody else comes in while the mixer is away")
    func nobodyElse() throws {
        var sites = try conference()
        lose(&sites)
        let (contact, south) = (sites.contact, sites.south)
        var isDone = true
        sites.at(sites.north) { machine, now in
            let bridge = BridgeID(contact: ContactID("south-9-9"), attempt: 1)
            let answer = machine.supervise(
                contact,
                over: bridge,
                by: AgentID("vera"),
                reservation: 7,
                at: south,
                .listen,
                now: now
            )
            isDone = answer.isDone
            return answer.outputs
        }
        #expect(!isDone)
    }

    @Test("A supervisor for whom there is no place leaves a conference as it is")
    func noPlace() throws {
        var sites = try conference()
        let (contact, south) = (sites.contact, sites.south)
        let bridge = BridgeID(contact: ContactID("south-9-9"), attempt: 1)
        sites.at(sites.north) {
            $0.supervise(contact, over: bridge, by: AgentID("vera"), reservation: 7, at: south, .listen, now: $1)
                .outputs
        }
        sites.deliver()
        sites.answerOffers(at: south, user: "vera")
        sites.happens(.answered(SIPLegID(6), sdp: Array("vera offers".utf8)), at: south)
        sites.deliver()
        sites.openRoom(party: bridge.description, nil)
        #expect(sites.commands(south).contains(.hangUp(SIPLegID(6), reason: nil)))
        #expect(!sites.commands(south).contains(.hangUp(borisLeg, reason: nil)))
        #expect(sites.machines[sites.north]?.guests(of: contact).count == 1)
    }
}
