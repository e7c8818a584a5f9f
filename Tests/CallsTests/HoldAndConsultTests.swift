import Calls
import ContactCenter
import Kernel
import SIP
import Testing

@Suite("Hold, consultation and consulted transfer")
struct HoldAndConsultTests {
    static let annaSession = Array("v=0\r\nm=audio 1 RTP/AVP 8\r\na=sendrecv\r\n".utf8)
    static let callerSession = Array("v=0\r\nm=audio 2 RTP/AVP 8\r\na=sendrecv\r\n".utf8)
    static let borisSession = Array("v=0\r\nm=audio 3 RTP/AVP 8\r\na=sendrecv\r\n".utf8)
    let consultation = ContactID("south-1-1")
    let borisLeg = SIPLegID(4)

    private func talking() throws -> TwoSites {
        var sites = try TwoSites(offer: Self.callerSession, answer: Self.annaSession)
        sites.talk(at: sites.south)
        return sites
    }

    /// Anna asks Boris, whose phone is at `site`; both answered.
    private func consulting(at site: KeyPath<TwoSites, SiteID>) throws -> TwoSites {
        var sites = try talking()
        let (bridge, contact, peer) = (sites.bridge, consultation, sites[keyPath: site])
        sites.at(sites.south) {
            $0.consult(beside: bridge, as: contact, number: "200", name: "Anna", now: $1).outputs
        }
        sites.deliver()
        sites.settleTurn(Self.callerSession)
        sites.at(sites.south) {
            $0.offer(contact, to: AgentID("boris"), reservation: 9, at: peer, ringTime: .seconds(10), now: $1).outputs
        }
        sites.deliver()
        sites.answerOffers(at: peer, user: "boris")
        let leg = peer == sites.south ? borisLeg : SIPLegID(2)
        sites.happens(.answered(leg, sdp: Self.borisSession), at: peer)
        sites.deliver()
        sites.happens(.reofferAnswered(sites.agentLeg, sdp: Self.annaSession), at: sites.south)
        sites.deliver()
        return sites
    }

    @Test("Hold turns the customer's phone off first, then the agent's; resume turns both on")
    func holdAndResume() throws {
        var sites = try talking()
        let bridge = sites.bridge
        sites.at(sites.south) { $0.hold(bridge, now: $1).outputs }
        sites.deliver()
        #expect(sites.lastOffer(sites.north, sites.callerLeg)?.contains("a=inactive") == true)
        sites.settleTurn(Self.callerSession)
        #expect(sites.lastOffer(sites.south, sites.agentLeg)?.contains("a=inactive") == true)
        #expect(sites.events[sites.south]?.contains(.held(bridge, true)) == true)
        sites.at(sites.south) { $0.resume(bridge, now: $1).outputs }
        sites.deliver()
        #expect(sites.lastOffer(sites.north, sites.callerLeg)?.contains("a=sendrecv") == true)
        sites.settleTurn(Self.callerSession)
        #expect(sites.lastOffer(sites.south, sites.agentLeg)?.contains("a=sendrecv") == true)
        #expect(sites.events[sites.south]?.contains(.held(bridge, false)) == true)
    }

    @Test("Whoever is consulted talks over the agent's own leg while the customer waits")
    func consultation_() throws {
        let sites = try consulting(at: \.south)
        #expect(sites.machines[sites.south]?.consultation(of: sites.bridge)?.leads == true)
        #expect(sites.lastOffer(sites.south, sites.agentLeg)?.contains("m=audio 3") == true)
        #expect(sites.commands(sites.south).contains(.acknowledge(borisLeg, sdp: Self.annaSession)))
    }

    @Test("The agent's phone hanging up ends the consultation and the customer's call")
    func hangingUpEndsBoth() throws {
        var sites = try consulting(at: \.south)
        sites.happens(.ended(sites.agentLeg, .remoteHangUp(nil)), at: sites.south)
        sites.deliver()
        #expect(sites.commands(sites.south).last == .hangUp(borisLeg, reason: nil))
        #expect(sites.commands(sites.north).last == .hangUp(sites.callerLeg, reason: nil))
        #expect(sites.machines[sites.south]?.halfCount == 0)
        #expect(sites.machines[sites.north]?.halfCount == 0)
    }

    @Test("Ending a consultation gives the customer back")
    func endingAConsultation() throws {
        var sites = try consulting(at: \.south)
        let bridge = sites.bridge
        sites.at(sites.south) { $0.endConsult(bridge, now: $1) }
        sites.deliver()
        #expect(sites.commands(sites.south).contains(.hangUp(borisLeg, reason: nil)))
        #expect(sites.lastOffer(sites.north, sites.callerLeg)?.contains("a=sendrecv") == true)
        sites.settleTurn(Self.callerSession)
        #expect(sites.lastOffer(sites.south, sites.agentLeg)?.contains("m=audio 2") == true)
        #expect(!sites.commands(sites.south).contains(.hangUp(sites.agentLeg, reason: nil)))
    }

    @Test("The agent goes to and fro between the customer and whoever is consulted")
    func swapping() throws {
        var sites = try consulting(at: \.south)
        let bridge = sites.bridge
        sites.at(sites.south) { $0.swap(bridge, now: $1).outputs }
        sites.deliver()
        #expect(sites.lastOffer(sites.south, borisLeg)?.contains("a=inactive") == true)
        sites.happens(.reofferAnswered(borisLeg, sdp: Self.borisSession), at: sites.south)
        sites.settleTurn(Self.callerSession)
        #expect(sites.lastOffer(sites.south, sites.agentLeg)?.contains("m=audio 2") == true)
        #expect(sites.machines[sites.south]?.consultation(of: bridge)?.leads == false)
        sites.at(sites.south) { $0.swap(bridge, now: $1).outputs }
        sites.deliver()
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: Self.callerSession), at: sites.north)
        sites.happens(.reofferAnswered(borisLeg, sdp: Self.borisSession), at: sites.south)
        sites.deliver()
        #expect(sites.lastOffer(sites.south, sites.agentLeg)?.contains("m=audio 3") == true)
        #expect(sites.machines[sites.south]?.consultation(of: bridge)?.leads == true)
    }

    @Test("A consulted transfer joins customer and consulted agent, wherever she is", arguments: [true, false])
    func completing(isElsewhere: Bool) throws {
        var sites = try consulting(at: isElsewhere ? \.south : \.north)
        let peer = isElsewhere ? sites.south : sites.north
        let leg = peer == sites.south ? borisLeg : SIPLegID(2)
        let (bridge, contact) = (sites.bridge, consultation)
        sites.at(sites.south) { $0.handOver(bridge, to: contact, agent: AgentID("boris"), now: $1).outputs }
        sites.deliver()
        #expect(sites.lastOffer(sites.north, sites.callerLeg)?.contains("m=audio 3") == true)
        #expect(sites.commands(sites.south).contains(.hangUp(sites.agentLeg, reason: nil)))
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: Self.callerSession), at: sites.north)
        sites.deliver()
        #expect(sites.lastOffer(peer, leg)?.contains("m=audio 2") == true)
        #expect(!sites.commands(peer).contains(.hangUp(leg, reason: nil)))
        #expect(sites.legEnds(sites.south) == [.finished(by: .agent, reason: CallMachine.handedOver)])
        let joined = BridgeID(contact: contact, attempt: 1)
        #expect(sites.machines[sites.north]?.joinedBridge(of: sites.contact) == joined)
        // Either end is the end of both.
        sites.happens(.ended(sites.callerLeg, .remoteHangUp(nil)), at: sites.north)
        sites.deliver()
        #expect(sites.commands(peer).last == .hangUp(leg, reason: nil))
        #expect(sites.machines[sites.north]?.halfCount == 0)
        #expect(sites.machines[sites.south]?.halfCount == 0)
    }

    @Test("A consulted transfer among agents of the customer's own site joins customer and consulted agent")
    func completingAtHome() throws {
        var sites = try TwoSites(offer: Self.callerSession, answer: Self.annaSession)
        let (bridge, contact, home) = (sites.bridge, ContactID("north-1-2"), sites.north)
        sites.talk(at: home)
        sites.at(home) { $0.consult(beside: bridge, as: contact, number: "200", name: "Anna", now: $1).outputs }
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: Self.callerSession), at: home)
        sites.happens(.reofferAnswered(sites.agentLeg, sdp: Self.annaSession), at: home)
        sites.at(home) {
            $0.offer(contact, to: AgentID("boris"), reservation: 9, at: home, ringTime: .seconds(10), now: $1).outputs
        }
        sites.answerOffers(at: home, user: "boris")
        sites.happens(.answered(borisLeg, sdp: Self.borisSession), at: home)
        sites.happens(.reofferAnswered(sites.agentLeg, sdp: Self.annaSession), at: home)
        sites.at(home) { $0.handOver(bridge, to: contact, agent: AgentID("boris"), now: $1).outputs }
        #expect(sites.lastOffer(home, sites.callerLeg)?.contains("m=audio 3") == true)
        sites.happens(.reofferAnswered(sites.callerLeg, sdp: Self.callerSession), at: home)
        #expect(sites.lastOffer(home, borisLeg)?.contains("m=audio 2") == true)
        #expect(!sites.commands(home).contains(.hangUp(borisLeg, reason: nil)))
        #expect(sites.machines[home]?.joinedBridge(of: sites.contact) == BridgeID(contact: contact, attempt: 1))
    }

    @Test("Who is consulted may have hung up in that moment: the agent keeps the customer")
    func completingTooLate() throws {
        var sites = try consulting(at: \.north)
        let (bridge, contact) = (sites.bridge, consultation)
        sites.at(sites.south) { $0.handOver(bridge, to: contact, agent: AgentID("boris"), now: $1).outputs }
        sites.happens(.ended(SIPLegID(2), .remoteHangUp(nil)), at: sites.north)
        sites.deliver()
        #expect(sites.machines[sites.north]?.hasCaller(sites.contact) == true)
        #expect(sites.machines[sites.north]?.joinedBridge(of: sites.contact) == bridge)
        #expect(sites.events[sites.south]?.contains(.handOverRefused(bridge)) == true)
        #expect(sites.machines[sites.south]?.agentPhase(of: bridge) == .joined)
        #expect(sites.machines[sites.south]?.halfCount == 1)
    }
}
