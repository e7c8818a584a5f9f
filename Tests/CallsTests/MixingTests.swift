import Calls
import ContactCenter
import Kernel
import SIP
import Testing

@Suite("Calls of more than two")
struct MixingTests {
    let own = ContactID("south-9-9")
    let supervisorLeg = SIPLegID(4)

    private func mixes(_ sites: TwoSites) -> [MediaRequest] { sites.mixes[sites.north] ?? [] }

    /// A supervisor's phone at south has been answered, and the mixer has given sessions to all.
    func supervised(_ mode: SupervisionMode) throws -> TwoSites {
        var sites = try TwoSites()
        sites.talk(at: sites.south)
        let (contact, south, bridge) = (sites.contact, sites.south, BridgeID(contact: own, attempt: 1))
        sites.at(sites.north) {
            $0.supervise(contact, over: bridge, by: AgentID("vera"), reservation: 7, at: south, mode, now: $1).outputs
        }
        sites.deliver()
        sites.answerOffers(at: south, user: "vera")
        sites.happens(.answered(supervisorLeg, sdp: Array("vera offers".utf8)), at: south)
        sites.deliver()
        sites.openRoom(party: bridge.description, "for vera")
        sites.openRoom(party: "customer", "for customer")
        sites.openRoom(party: sites.bridge.description, "for anna")
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: Array("customer".utf8)), at: sites.north)
        sites.happens(.reofferAnswered(sites.agentLeg, sdp: Array("anna".utf8)), at: south)
        sites.deliver()
        return sites
    }

    @Test("The supervisor's phone comes in first, then customer and agent are offered the mixer's sessions")
    func everybodyComesIn() throws {
        let sites = try supervised(.listen)
        #expect(sites.commands(sites.south).contains(.acknowledge(supervisorLeg, sdp: Array("for vera".utf8))))
        #expect(sites.commands(sites.north).contains(.reoffer(sites.callerLeg, sdp: Array("for customer".utf8))))
        #expect(sites.commands(sites.south).contains(.reoffer(sites.agentLeg, sdp: Array("for anna".utf8))))
    }

    @Test(
        "Listening is heard by nobody, whispering by the agent alone, barging in by both",
        arguments: [(SupervisionMode.listen, [false, false]), (.whisper, [false, true]), (.barge, [true, true])]
    )
    func whoHears(_ mode: SupervisionMode, _ heard: [Bool]) throws {
        let sites = try supervised(mode)
        let vera = BridgeID(contact: own, attempt: 1).description
        guard case .mixHearing(let hearing)? = mixes(sites).last else {
            Issue.record("nobody was told who hears whom")
            return
        }
        let byParty = Dictionary(hearing.map { ($0.party, $0.hears) }, uniquingKeysWith: { $1 })
        #expect(byParty["customer"]?.contains(vera) == heard[0])
        #expect(byParty[sites.bridge.description]?.contains(vera) == heard[1])
        #expect(byParty[vera] == ["customer", sites.bridge.description].sorted())
    }

    @Test("From listening to whispering to barging in: each change is told to the mixer, and no phone notices")
    func changesMode() throws {
        var sites = try supervised(.listen)
        let vera = BridgeID(contact: own, attempt: 1)
        let calls = (sites.commands(sites.north).count, sites.commands(sites.south).count)
        let steps: [(SupervisionMode, [Bool])] = [
            (.whisper, [false, true]), (.barge, [true, true]), (.listen, [false, false]),
        ]
        for (mode, heard) in steps {
            sites.at(sites.north) { $0.supervise(over: vera, mode, now: $1).outputs }
            guard case .mixHearing(let hearing)? = mixes(sites).last else {
                Issue.record("nobody was told who hears whom")
                return
            }
            let byParty = Dictionary(hearing.map { ($0.party, $0.hears) }, uniquingKeysWith: { $1 })
            #expect(byParty["customer"]?.contains(vera.description) == heard[0])
            #expect(byParty[sites.bridge.description]?.contains(vera.description) == heard[1])
            #expect(sites.machines[sites.north]?.guests(of: sites.contact).map(\.role) == [.supervisor(mode)])
        }
        #expect(calls == (sites.commands(sites.north).count, sites.commands(sites.south).count))
        var isDone = true
        sites.at(sites.north) {
            let answer = $0.supervise(over: BridgeID(contact: ContactID("nobody"), attempt: 1), .barge, now: $1)
            isDone = answer.isDone
            return answer.outputs
        }
        #expect(!isDone)
    }

    @Test("A supervisor who leaves ends nothing but her own part")
    func leaving() throws {
        var sites = try supervised(.barge)
        sites.happens(.ended(supervisorLeg, .remoteHangUp(nil)), at: sites.south)
        sites.deliver()
        #expect(sites.machines[sites.north]?.joinedBridge(of: sites.contact) == sites.bridge)
        #expect(mixes(sites).contains(.mixClose(party: BridgeID(contact: own, attempt: 1).description)))
        #expect(sites.ends(sites.north).isEmpty)
    }

    @Test("The end of the call ends the supervisor's part and the room")
    func ending() throws {
        var sites = try supervised(.barge)
        sites.happens(.ended(sites.callerLeg, .remoteHangUp(nil)), at: sites.north)
        sites.deliver()
        #expect(sites.commands(sites.south).contains(.hangUp(supervisorLeg, reason: nil)))
        #expect(mixes(sites).last == .mixEnd)
        #expect(sites.machines[sites.south]?.halfCount == 0)
        #expect(sites.machines[sites.north]?.halfCount == 0)
    }

    @Test("Without a mixer the supervisor is let go and the two talk on")
    func withoutMixer() throws {
        var sites = try TwoSites()
        sites.talk(at: sites.south)
        let (contact, south, bridge) = (sites.contact, sites.south, BridgeID(contact: own, attempt: 1))
        sites.at(sites.north) {
            $0.supervise(contact, over: bridge, by: AgentID("vera"), reservation: 7, at: south, .listen, now: $1)
                .outputs
        }
        sites.deliver()
        sites.answerOffers(at: south, user: "vera")
        sites.happens(.answered(supervisorLeg, sdp: Array("vera offers".utf8)), at: south)
        sites.deliver()
        sites.openRoom(party: bridge.description, nil)
        #expect(sites.commands(sites.south).contains(.hangUp(supervisorLeg, reason: nil)))
        #expect(sites.events[sites.north]?.contains(.mixFailed(contact)) == true)
        #expect(sites.machines[sites.north]?.joinedBridge(of: contact) == sites.bridge)
    }

    @Test("A conference keeps the agent, and goes on without her when she leaves")
    func conference() throws {
        var sites = try TwoSites(
            offer: HoldAndConsultTests.callerSession,
            answer: HoldAndConsultTests.annaSession
        )
        sites.talk(at: sites.south)
        let (bridge, contact, south) = (sites.bridge, ContactID("south-1-1"), sites.south)
        sites.at(south) { $0.consult(beside: bridge, as: contact, number: "200", name: "Anna", now: $1).outputs }
        sites.deliver()
        sites.settleTurn(HoldAndConsultTests.callerSession)
        sites.at(south) {
            $0.offer(contact, to: AgentID("boris"), reservation: 9, at: south, ringTime: .seconds(10), now: $1).outputs
        }
        sites.answerOffers(at: south, user: "boris")
        let borisLeg = SIPLegID(4)
        sites.happens(.answered(borisLeg, sdp: HoldAndConsultTests.borisSession), at: south)
        sites.happens(.reofferAnswered(sites.agentLeg, sdp: HoldAndConsultTests.annaSession), at: south)
        sites.deliver()
        sites.at(south) {
            $0.handOver(bridge, to: contact, agent: AgentID("boris"), isConference: true, now: $1).outputs
        }
        sites.deliver()
        let guest = BridgeID(contact: contact, attempt: 1)
        sites.openRoom(party: guest.description, "for boris")
        #expect(sites.commands(south).last == .reoffer(borisLeg, sdp: Array("for boris".utf8)))
        #expect(!sites.commands(south).contains(.hangUp(sites.agentLeg, reason: nil)))
        sites.happens(.reofferAnswered(borisLeg, sdp: HoldAndConsultTests.borisSession), at: south)
        sites.openRoom(party: "customer", "for customer")
        sites.openRoom(party: bridge.description, "for anna")
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: HoldAndConsultTests.callerSession), at: sites.north)
        sites.happens(.reofferAnswered(sites.agentLeg, sdp: HoldAndConsultTests.annaSession), at: south)
        sites.deliver()
        sites.happens(.ended(sites.agentLeg, .remoteHangUp(nil)), at: south)
        sites.deliver()
        #expect(sites.machines[sites.north]?.joinedBridge(of: sites.contact) == guest)
        #expect(!sites.commands(sites.north).contains(.hangUp(sites.callerLeg, reason: nil)))
        sites.happens(.ended(sites.callerLeg, .remoteHangUp(nil)), at: sites.north)
        sites.deliver()
        #expect(sites.commands(south).last == .hangUp(borisLeg, reason: nil))
    }
}
