import ContactCenter
import Kernel
import SIP
import SiteCore
import Testing

@Suite("An agent's phone")
struct PhoneTests {
    private func ha1(_ algorithm: SIPDigest.Algorithm) -> Value {
        .string(SIPDigest.ha1(user: "2001", realm: "tandem", password: "secret", algorithm: algorithm))
    }

    private func site(isNew: Bool) throws -> LoneSite {
        var site = try LoneSite()
        var changes: [FieldChange] = [
            .set(AgentField.name, .string("Anna"), seen: nil), .set(AgentField.sipUser, .string("2001"), seen: nil),
            .set(AgentField.sipDigest, ha1(.md5), seen: nil),
        ]
        if isNew { changes.append(.set(AgentField.sipDigestSHA256, ha1(.sha256), seen: nil)) }
        try site.put(AgentID("anna").documentID, changes)
        return site
    }

    private func packets(_ directives: [SiteDirective]) -> [SIPPacket] {
        directives.compactMap { if case .sendSIP(let packet) = $0 { packet } else { nil } }
    }

    private func register(_ site: inout LoneSite) -> [SIPOutput] {
        let registration = SIPRegistration(
            user: "2001",
            password: "secret",
            registrar: LoneSite.siteAddress,
            expires: .minutes(60)
        )
        return site.phone.perform(.register(registration), now: site.now)
    }

    @Test("with a record of now may prove itself by SHA-256 or MD5, with an old one by MD5", arguments: [true, false])
    func algorithms(isNew: Bool) throws {
        var site = try site(isNew: isNew)
        guard case .send(var request)? = register(&site).first else {
            Issue.record("no REGISTER")
            return
        }
        request.remote = LoneSite.phoneAddress
        let challenge = packets(site.machine.handle(.sipReceived(request), at: site.now)).first?.bytes ?? []
        let offered = String(decoding: challenge, as: UTF8.self).split(separator: "\r\n").compactMap { line in
            line.hasPrefix("WWW-Authenticate") ? line.split(separator: "algorithm=").last : nil
        }.map { String($0.prefix { $0 != "," }) }
        #expect(offered == (isNew ? ["SHA-256", "MD5"] : ["MD5"]))
        site.take([.sendSIP(SIPPacket(transport: .udp, remote: LoneSite.phoneAddress, bytes: challenge))])
        #expect(site.heard == [.registrationResult(user: "2001", status: 200)])
    }

    @Test("to which nothing can be sent is asked again at once, not after seconds")
    func notSent() throws {
        var site = try site(isNew: true)
        site.hear(register(&site))
        var probes: [SIPPacket] = []
        for _ in 0..<40 where probes.isEmpty {
            site.now.instant = site.now.instant + .seconds(1)
            site.now.wall = site.now.wall + .seconds(1)
            probes = packets(site.machine.handle(.timer, at: site.now)).filter { $0.bytes.starts(with: "OPTIONS".utf8) }
        }
        guard let probe = probes.first else {
            Issue.record("the phone was never asked")
            return
        }
        let again = packets(site.machine.handle(.sipNotSent(probe), at: site.now))
        #expect(again.map(\.remote) == [LoneSite.phoneAddress])
        #expect(again.allSatisfy { $0.bytes.starts(with: "OPTIONS".utf8) && $0.bytes != probe.bytes })
    }
}
