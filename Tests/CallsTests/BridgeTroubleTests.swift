import Calls
import ContactCenter
import Kernel
import SIP
import Testing

@Suite("Halves that lose each other")
struct BridgeTroubleTests {
    @Test("a link lost while ringing takes the offer back at both ends")
    func lostWhileRinging() throws {
        var sites = try TwoSites()
        sites.ring(at: sites.south)
        sites.down()
        #expect(sites.failures(sites.north) == [.linkLost])
        #expect(sites.commands(sites.south).contains(.cancel(sites.agentLeg)))
        #expect(sites.machines[sites.north]?.hasCaller(sites.contact) == true)
        #expect(sites.machines[sites.south]?.halfCount == 0)
    }

    @Test("an answer that is lost with the link leaves nobody on the line: the agent learns when it is back")
    func lostAnswer() throws {
        var sites = try TwoSites()
        sites.ring(at: sites.south)
        sites.happens(.answered(sites.agentLeg, sdp: Array("answer".utf8)), at: sites.south)
        sites.down()
        #expect(sites.machines[sites.south]?.agentPhase(of: sites.bridge) == .answered)
        sites.up()
        sites.deliver()
        #expect(sites.machines[sites.south]?.halfCount == 0)
        #expect(sites.commands(sites.south).contains(.hangUp(sites.agentLeg, reason: nil)))
        #expect(sites.machines[sites.north]?.joinedBridge(of: sites.contact) == nil)
    }

    @Test("an agent whose answer is not confirmed in time is let go")
    func unconfirmed() throws {
        var sites = try TwoSites()
        sites.ring(at: sites.south)
        sites.happens(.answered(sites.agentLeg, sdp: Array("answer".utf8)), at: sites.south)
        sites.wire = []
        sites.pass(.seconds(6))
        #expect(sites.commands(sites.south).contains(.hangUp(sites.agentLeg, reason: nil)))
        #expect(sites.legEnds(sites.south) == [.withdrawn(reason: "the caller's site did not confirm")])
    }

    @Test("a confirmation that is lost with the link is repeated when it is back")
    func lostConfirmation() throws {
        var sites = try TwoSites()
        sites.ring(at: sites.south)
        sites.happens(.answered(sites.agentLeg, sdp: Array("answer".utf8)), at: sites.south)
        while let next = sites.wire.first, next.to == sites.north {
            sites.wire.removeFirst()
            sites.at(sites.north) { $0.receive(next.message, from: next.from, now: $1) }
        }
        #expect(sites.machines[sites.north]?.joinedBridge(of: sites.contact) == sites.bridge)
        sites.down()
        sites.pass(.seconds(1))
        sites.up()
        sites.deliver()
        #expect(sites.machines[sites.south]?.agentPhase(of: sites.bridge) == .joined)
    }

    @Test("a talk goes on over a cut; the end of one half reaches the other when the link is back")
    func talksOn() throws {
        var sites = try TwoSites()
        sites.talk(at: sites.south)
        sites.down()
        #expect(sites.machines.values.allSatisfy { $0.halfCount == 1 })
        sites.happens(.ended(sites.agentLeg, .remoteHangUp(nil)), at: sites.south)
        sites.wire = []
        sites.pass(.seconds(20))
        #expect(sites.machines[sites.north]?.hasCaller(sites.contact) == true)
        sites.up()
        sites.deliver()
        #expect(sites.ends(sites.north) == [.agent])
        #expect(sites.commands(sites.north).contains(.hangUp(sites.callerLeg, reason: nil)))
    }

    @Test("a half whose other site was restarted goes on by itself until its own party hangs up")
    func orphan() throws {
        var sites = try TwoSites()
        sites.talk(at: sites.south)
        sites.down()
        sites.machines[sites.north] = CallMachine(site: sites.north)
        sites.up()
        sites.deliver()
        #expect(sites.machines[sites.south]?.agentPhase(of: sites.bridge) == .joined)
        #expect(sites.events[sites.south]?.contains(.orphaned(sites.bridge)) == true)
        sites.happens(.ended(sites.agentLeg, .remoteHangUp(nil)), at: sites.south)
        #expect(sites.machines[sites.south]?.halfCount == 0)
    }

    @Test("silence of the agent's site brings the caller back after the ring time")
    func silence() throws {
        var sites = try TwoSites()
        sites.ring(at: sites.south)
        sites.pass(.seconds(16))
        #expect(sites.failures(sites.north).count == 1)
        #expect(sites.machines[sites.south]?.halfCount == 0)
    }

    @Test("a message of an earlier try touches nothing")
    func stale() throws {
        var sites = try TwoSites()
        sites.talk(at: sites.south)
        let old = BridgeID(contact: sites.contact, attempt: 7)
        let south = sites.south
        for message in [
            BridgeMessage.answer(old, session: []), .reject(old, .busy), .end(old, by: .agent, reason: ""),
            .reoffer(old, session: []), .unknown(old),
        ] {
            sites.at(sites.north) { $0.receive(message, from: south, now: $1) }
        }
        #expect(sites.machines[sites.north]?.joinedBridge(of: sites.contact) == sites.bridge)
        #expect(sites.ends(sites.north).isEmpty)
    }
}
