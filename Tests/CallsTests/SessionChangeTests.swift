import Calls
import ContactCenter
import Kernel
import SIP
import Testing

@Suite("Changes of session pass through")
struct SessionChangeTests {
    private let hold = Array("v=0\r\na=sendonly\r\n".utf8)
    private let answer = Array("v=0\r\na=recvonly\r\n".utf8)

    @Test(
        "the agent's hold reaches the caller, the caller's answer the agent, both sites know",
        arguments: [true, false]
    )
    func agentHolds(isRemote: Bool) throws {
        var sites = try TwoSites()
        let site = isRemote ? sites.south : sites.north
        sites.talk(at: site)
        sites.happens(.reoffered(sites.agentLeg, sdp: hold), at: site)
        sites.deliver()
        #expect(sites.commands(sites.north).contains(.reoffer(sites.callerLeg, sdp: hold)))
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: answer), at: sites.north)
        sites.deliver()
        #expect(sites.commands(site).contains(.answerReoffer(sites.agentLeg, sdp: answer)))
        #expect(sites.events[sites.north]?.contains(.held(sites.bridge, true)) == true)
        #expect(sites.events[site]?.contains(.held(sites.bridge, true)) == true)
    }

    @Test("two changes at once are glare: the later one is refused with 491")
    func glare() throws {
        var sites = try TwoSites()
        sites.talk(at: sites.south)
        sites.happens(.reoffered(sites.agentLeg, sdp: hold), at: sites.south)
        sites.happens(.reoffered(sites.callerLeg, sdp: hold), at: sites.north)
        sites.deliver()
        #expect(sites.commands(sites.north).contains(.rejectReoffer(sites.callerLeg, status: 491)))
        #expect(sites.commands(sites.south).contains(.rejectReoffer(sites.agentLeg, status: 491)))
    }

    @Test("a refused change is refused to who asked; the call goes on")
    func refused() throws {
        var sites = try TwoSites()
        sites.talk(at: sites.south)
        sites.happens(.reoffered(sites.callerLeg, sdp: hold), at: sites.north)
        sites.deliver()
        sites.happens(.reofferRejected(sites.agentLeg, status: 488), at: sites.south)
        sites.deliver()
        #expect(sites.commands(sites.north).contains(.rejectReoffer(sites.callerLeg, status: 488)))
        #expect(sites.machines[sites.south]?.agentPhase(of: sites.bridge) == .joined)
    }

    @Test("a change during a cut is refused at once, and one that nobody answers after its time")
    func noLink() throws {
        var sites = try TwoSites()
        sites.talk(at: sites.south)
        sites.happens(.reoffered(sites.callerLeg, sdp: hold), at: sites.north)
        sites.wire = []
        sites.pass(.seconds(33))
        #expect(sites.commands(sites.north).last == .rejectReoffer(sites.callerLeg, status: 500))
        sites.down()
        sites.happens(.reoffered(sites.agentLeg, sdp: hold), at: sites.south)
        #expect(sites.commands(sites.south).last == .rejectReoffer(sites.agentLeg, status: 500))
    }

    @Test("every message survives its way over the mesh")
    func codec() throws {
        let bridge = BridgeID(contact: ContactID("north-1-9"), attempt: 3)
        let offer = BridgeOffer(
            bridge: bridge,
            agent: AgentID("anna"),
            reservation: 12,
            session: nil,
            callerNumber: "+49",
            callerName: "Ä"
        )
        var withSession = offer
        withSession.session = [1, 2]
        let messages: [BridgeMessage] = [
            .offer(offer), .offer(withSession), .progress(bridge, session: nil), .answer(bridge, session: [3]),
            .connected(bridge),
            .reject(bridge, .busy), .acknowledge(bridge, session: []), .reoffer(bridge, session: [4]),
            .reofferAnswer(bridge, session: [5]), .reofferReject(bridge, status: 488),
            .end(bridge, by: .customer, reason: "hung up"), .status(bridge, .agent, .answered), .unknown(bridge),
        ]
        for message in messages {
            #expect(BridgeMessage(fields: message.fields) == message)
            for field in message.fields.keys.sorted() {
                var broken = message.fields
                broken[field] = .bool(true)
                // Whatever it reads as, reading must not fail badly.
                _ = BridgeMessage(fields: broken)
            }
        }
        #expect(BridgeMessage(fields: [:]) == nil)
    }
}
