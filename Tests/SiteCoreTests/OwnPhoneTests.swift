import ContactCenter
import Kernel
import Routing
import SIP
import SiteCore
import Testing

@Suite("An agent who dials on her own phone")
struct OwnPhoneTests {
    private let anna = AgentID("anna")
    private let ownLeg = SIPLegID(4)

    /// Anna is ready, with a phone; the queue at 100 is hers.
    private func site() throws -> LoneSite {
        var site = try LoneSite()
        try site.put(QueueID("support").documentID, [.insert(QueueField.numbers, .string("100"))])
        let ha1 = SIPDigest.ha1(user: "2001", realm: "tandem", password: "secret", algorithm: .md5)
        try site.put(
            anna.documentID,
            [
                .set(AgentField.name, .string("Anna"), seen: nil), .set(AgentField.sipUser, .string("2001"), seen: nil),
                .set(AgentField.sipDigest, .string(ha1), seen: nil),
            ]
        )
        let registration = SIPRegistration(
            user: "2001",
            password: "secret",
            registrar: LoneSite.siteAddress,
            expires: .minutes(60)
        )
        site.hear(site.phone.perform(.register(registration), now: site.now))
        _ = site.ask(.desk(anna, .signIn, actor: Actor("anna")))
        _ = site.ask(.desk(anna, .ready, actor: Actor("anna")))
        #expect(state(site) == .ready)
        return site
    }

    private func state(_ site: LoneSite) -> AgentStateKind? { site.machine.desk(anna, at: site.now)?.state.kind }

    private func dial(_ site: inout LoneSite, _ number: String) throws {
        let invitation = SIPInvitation(
            target: .address(user: number, LoneSite.siteAddress, .udp),
            from: "2001",
            sdp: Array("v=0\r\n".utf8)
        )
        site.hear(site.phone.perform(.invite(ownLeg, invitation), now: site.now))
        try site.flush()
    }

    private func calls(_ site: LoneSite) -> Int {
        site.heard.count { if case .incomingCall = $0 { true } else { false } }
    }

    @Test("is shown as talking and offered nobody until she has hung up")
    func isBusy() throws {
        var site = try site()
        try dial(&site, "100")
        #expect(state(site) == .talking)
        #expect(site.machine.desk(anna, at: site.now)?.contact?.callerNumber == "100")
        site.dial("100")
        try site.flush()
        site.pass(.seconds(5))
        try site.flush()
        #expect(calls(site) == 0)
        #expect(state(site) == .talking)
        site.hear(site.phone.perform(.cancel(ownLeg), now: site.now))
        try site.flush()
        site.pass(.seconds(2))
        try site.flush()
        #expect(calls(site) == 1)
        #expect(state(site) == .ringing)
    }

    @Test("has her break again afterwards")
    func onABreak() throws {
        var site = try site()
        _ = site.ask(.desk(anna, .notReady(reason: "lunch"), actor: Actor("anna")))
        try dial(&site, "100")
        #expect(state(site) == .talking)
        site.hear(site.phone.perform(.cancel(ownLeg), now: site.now))
        try site.flush()
        #expect(state(site) == .notReady)
        #expect(site.machine.unfinished.isEmpty)
    }

    @Test("a number that nobody has leaves her as she was")
    func nobody() throws {
        var site = try site()
        try dial(&site, "nobody")
        #expect(site.statuses == [404])
        #expect(state(site) == .ready)
    }
}
