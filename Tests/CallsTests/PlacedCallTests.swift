import Calls
import ContactCenter
import Kernel
import SIP
import Testing

@Suite("Calls that agents place")
struct PlacedCallTests {
    /// Anna's phone at south has been answered for a call to a number, which is placed from north.
    private func placed() throws -> TwoSites {
        var sites = try TwoSites()
        let (contact, agent, south) = (sites.contact, sites.agent, sites.south)
        sites.at(sites.north) {
            $0.place(contact, number: "0401", by: "carrier", from: "100", ringTime: .seconds(60), now: $1)
            return $0.offer(contact, to: agent, reservation: 5, at: south, ringTime: .seconds(10), now: $1).outputs
        }
        sites.deliver()
        sites.answerOffers(at: south, user: "anna")
        #expect(sites.invitations(sites.north).isEmpty)
        sites.happens(.answered(sites.agentLeg, sdp: Array("v=0\r\nm=audio 1 RTP/AVP 8\r\n".utf8)), at: south)
        sites.deliver()
        return sites
    }

    private let outside = SIPLegID(2)

    @Test("The number is called only when the agent's phone has been answered, and her phone waits meanwhile")
    func agentFirst() throws {
        let sites = try placed()
        let invitation = try #require(sites.invitations(sites.north).last)
        #expect(invitation.target == .trunk("carrier", number: "0401"))
        #expect(invitation.from == "100")
        #expect(invitation.sdp.map { String(decoding: $0, as: UTF8.self) }?.contains("m=audio 1") == true)
        guard case .acknowledge(sites.agentLeg, let session)? = sites.commands(sites.south).last else {
            Issue.record("the agent's phone got no answer")
            return
        }
        #expect(String(decoding: session, as: UTF8.self).contains("a=inactive"))
        #expect(sites.events[sites.north]?.last == .placing(sites.bridge))
    }

    @Test("What the network says and what the called party answers reach the agent's phone, one after the other")
    func theAnswerReachesTheAgent() throws {
        var sites = try placed()
        sites.happens(.ringing(outside, status: 183, sdp: Array("early".utf8)), at: sites.north)
        sites.happens(.answered(outside, sdp: Array("answer".utf8)), at: sites.north)
        sites.deliver()
        #expect(sites.commands(sites.south).last == .reoffer(sites.agentLeg, sdp: Array("early".utf8)))
        sites.happens(.reofferAnswered(sites.agentLeg, sdp: Array("fine".utf8)), at: sites.south)
        sites.deliver()
        #expect(sites.commands(sites.south).last == .reoffer(sites.agentLeg, sdp: Array("answer".utf8)))
        #expect(sites.events[sites.north]?.contains(.joined(sites.bridge)) == true)
    }

    @Test("A number that is busy ends the agent's leg with the reason")
    func busy() throws {
        var sites = try placed()
        sites.happens(.failed(outside, status: 486, reason: "Busy Here"), at: sites.north)
        sites.deliver()
        #expect(sites.commands(sites.south).last == .hangUp(sites.agentLeg, reason: nil))
        #expect(sites.events[sites.north]?.last == .ended(sites.contact, by: .network, reason: "Busy Here (486)"))
    }

    @Test("An agent who hangs up while it rings takes the call back")
    func takenBack() throws {
        var sites = try placed()
        sites.happens(.ended(sites.agentLeg, .remoteHangUp(nil)), at: sites.south)
        sites.deliver()
        #expect(sites.commands(sites.north).last == .hangUp(outside, reason: nil))
        #expect(sites.ends(sites.north) == [.agent])
    }

    @Test("Nobody outside is called when the agent does not answer")
    func notAnswered() throws {
        var sites = try TwoSites()
        let (contact, agent, south) = (sites.contact, sites.agent, sites.south)
        sites.at(sites.north) {
            $0.place(contact, number: "0401", by: "carrier", from: "100", ringTime: .seconds(60), now: $1)
            return $0.offer(contact, to: agent, reservation: 5, at: south, ringTime: .seconds(10), now: $1).outputs
        }
        sites.deliver()
        sites.answerOffers(at: south, user: "anna")
        sites.happens(.failed(sites.agentLeg, status: 486, reason: "Busy Here"), at: south)
        sites.deliver()
        sites.at(sites.north) { $0.end(contact, by: .agent, reason: "did not answer", now: $1) }
        #expect(sites.commands(sites.north).isEmpty)
        #expect(sites.machines[sites.north]?.halfCount == 0)
    }
}
