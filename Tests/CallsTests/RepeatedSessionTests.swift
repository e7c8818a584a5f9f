import Calls
import ContactCenter
import Kernel
import SIP
import Testing

@Suite("Changes of session that a broken link cut")
struct RepeatedSessionTests {
    private let annaSession = HoldAndConsultTests.annaSession
    private let callerSession = HoldAndConsultTests.callerSession
    private let changed = Array("v=0\r\nm=audio 7 RTP/AVP 8\r\na=sendonly\r\n".utf8)

    private func talking() throws -> TwoSites {
        var sites = try TwoSites(offer: callerSession, answer: annaSession)
        sites.talk(at: sites.south)
        return sites
    }

    private func isSettled(_ sites: TwoSites) -> Bool {
        sites.machines[sites.north]?.isSettled(sites.callerLeg) == true
            && sites.machines[sites.south]?.isSettled(sites.agentLeg) == true
    }

    @Test("The agent's phone held the call and the answer was lost: the customer's phone is taken back")
    func lostAnswer() throws {
        var sites = try talking()
        sites.happens(.reoffered(sites.agentLeg, sdp: changed), at: sites.south)
        sites.deliver()
        #expect(sites.lastOffer(sites.north, sites.callerLeg)?.contains("a=sendonly") == true)
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: callerSession), at: sites.north)
        sites.down()
        #expect(sites.commands(sites.south).last == .rejectReoffer(sites.agentLeg, status: 500))
        sites.up()
        sites.deliver()
        // What the agent's phone has, not what it was refused.
        let offered = sites.lastOffer(sites.north, sites.callerLeg) ?? ""
        #expect(offered.contains("m=audio 1 ") && offered.contains("a=sendrecv"))
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: callerSession), at: sites.north)
        sites.deliver()
        #expect(sites.lastOffer(sites.south, sites.agentLeg)?.contains("m=audio 2 ") == true)
        sites.happens(.reofferAnswered(sites.agentLeg, sdp: annaSession), at: sites.south)
        #expect(isSettled(sites))
    }

    @Test("The customer's phone held the call and the answer was lost: the agent's half is told, and repeats")
    func lostAnswerToTheCustomer() throws {
        var sites = try talking()
        sites.happens(.reoffered(sites.callerLeg, sdp: changed), at: sites.north)
        sites.deliver()
        sites.happens(.reofferAnswered(sites.agentLeg, sdp: annaSession), at: sites.south)
        sites.down()
        sites.up()
        sites.deliver()
        #expect(sites.lastOffer(sites.north, sites.callerLeg)?.contains("m=audio 1 ") == true)
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: callerSession), at: sites.north)
        sites.deliver()
        #expect(sites.lastOffer(sites.south, sites.agentLeg)?.contains("m=audio 2 ") == true)
        #expect(sites.lastOffer(sites.south, sites.agentLeg)?.contains("a=sendrecv") == true)
        sites.happens(.reofferAnswered(sites.agentLeg, sdp: annaSession), at: sites.south)
        #expect(isSettled(sites))
    }

    @Test("A hold at the desk whose answer was lost is undone, and the desk says so")
    func lostHold() throws {
        var sites = try talking()
        let bridge = sites.bridge
        sites.at(sites.south) { $0.hold(bridge, now: $1).outputs }
        sites.deliver()
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: callerSession), at: sites.north)
        sites.down()
        sites.up()
        sites.deliver()
        #expect(sites.lastOffer(sites.north, sites.callerLeg)?.contains("a=sendrecv") == true)
        sites.settleTurn(callerSession)
        #expect(sites.lastOffer(sites.south, sites.agentLeg)?.contains("a=sendrecv") == true)
        #expect(sites.events[sites.south]?.last { if case .held = $0 { true } else { false } } == .held(bridge, false))
        #expect(sites.events[sites.north]?.last { if case .held = $0 { true } else { false } } == .held(bridge, false))
    }

    @Test("A resume at the desk whose answer was lost leaves the customer held, at both ends")
    func lostResume() throws {
        var sites = try talking()
        let bridge = sites.bridge
        sites.at(sites.south) { $0.hold(bridge, now: $1).outputs }
        sites.deliver()
        sites.settleTurn(callerSession)
        sites.at(sites.south) { $0.resume(bridge, now: $1).outputs }
        sites.deliver()
        #expect(sites.lastOffer(sites.north, sites.callerLeg)?.contains("a=sendrecv") == true)
        sites.down()
        sites.up()
        sites.deliver()
        #expect(sites.lastOffer(sites.north, sites.callerLeg)?.contains("a=inactive") == true)
        sites.settleTurn(callerSession)
        #expect(sites.lastOffer(sites.south, sites.agentLeg)?.contains("a=inactive") == true)
    }

    @Test("A line that is busy when the link is back is asked again later")
    func busy() throws {
        var sites = try talking()
        sites.happens(.reoffered(sites.agentLeg, sdp: changed), at: sites.south)
        sites.down()
        sites.up()
        sites.happens(.reoffered(sites.callerLeg, sdp: changed), at: sites.north)
        sites.deliver()
        // Both wanted at once: 491 for either.
        sites.pass(Limits.callRepeatAfter)
        sites.deliver()
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: callerSession), at: sites.north)
        sites.deliver()
        sites.happens(.reofferAnswered(sites.agentLeg, sdp: annaSession), at: sites.south)
        #expect(isSettled(sites))
    }

    @Test("Nothing is repeated when nothing was under way")
    func nothing() throws {
        var sites = try talking()
        let before = sites.commands(sites.north).count + sites.commands(sites.south).count
        sites.down()
        sites.up()
        sites.deliver()
        #expect(sites.commands(sites.north).count + sites.commands(sites.south).count == before)
    }

    @Test("A caller who waits after a talk is told to be silent, and the next agent's session ends that")
    func silence() throws {
        var sites = try talking()
        let contact = sites.contact
        sites.at(sites.north) { $0.release(contact, by: .agent, reason: "passed on", now: $1) }
        sites.deliver()
        #expect(sites.events[sites.north]?.last == .alone(contact))
        sites.at(sites.north) { $0.silence(contact, now: $1) }
        let told = sites.lastOffer(sites.north, sites.callerLeg) ?? ""
        #expect(told.contains("m=audio 1 ") && told.contains("a=inactive"))
        // The next agent answers before the phone has followed: she waits for it.
        let south = sites.south
        sites.at(sites.north) {
            $0.offer(contact, to: AgentID("boris"), reservation: 6, at: south, ringTime: .seconds(10), now: $1).outputs
        }
        sites.deliver()
        sites.answerOffers(at: south, user: "boris")
        sites.happens(.answered(SIPLegID(4), sdp: HoldAndConsultTests.borisSession), at: south)
        sites.deliver()
        #expect(sites.lastOffer(sites.north, sites.callerLeg)?.contains("m=audio 3 ") == false)
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: callerSession), at: sites.north)
        #expect(sites.lastOffer(sites.north, sites.callerLeg)?.contains("m=audio 3 ") == true)
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: callerSession), at: sites.north)
        sites.deliver()
        #expect(sites.machines[sites.north]?.joinedBridge(of: contact) == BridgeID(contact: contact, attempt: 2))
    }
}
