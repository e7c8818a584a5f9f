import ContactCenter
import HTTPTypes
import JWTKit
import Kernel
import Synchronization
import Testing
import WebAPI

@Suite("Tokens")
struct TokenTests {
    @Test("A token that another site signed is good here")
    func otherSite() async throws {
        let harness = try await Harness()
        let token = try await harness.token("anna", agent: "anna", kid: "east", key: harness.eastKey)
        try await harness.run { (site) async throws in
            let reply = try await site.send(.get, "/api/v1/desk", headers: [.authorization: "Bearer \(token)"])
            #expect(reply.status == 200)
            #expect(reply["agent.id"] == "anna")
        }
    }

    @Test("A token of an account whose record has not arrived is taken at its word")
    func accountOnTheWay() async throws {
        let harness = try await Harness()
        let token = try await harness.token("newcomer", role: .supervisor, kid: "east", key: harness.eastKey)
        try await harness.run { (site) async throws in
            let headers: HTTPFields = [.authorization: "Bearer \(token)"]
            #expect(try await site.send(.get, "/api/v1/site/status", headers: headers).status == 200)
            #expect(try await site.send(.get, "/api/v1/session", headers: headers)["account.name"] == "newcomer")
        }
    }

    @Test("An unknown signer, a wrong key, a missing kid, no signature and an ended token are refused")
    func refused() async throws {
        let harness = try await Harness()
        let good = try await harness.token("anna", agent: "anna")
        let parts = good.split(separator: ".")
        let bad = [
            "unknown site": try await harness.token("anna", kid: "west"),
            "wrong key": try await harness.token("anna", kid: "east", key: harness.northKey),
            "no kid": try await harness.token("anna", kid: nil),
            "ended": try await harness.token("anna", for: .seconds(-1)),
            "cut": "\(parts[0]).\(parts[1])",
            "no signature": "\(parts[0]).\(parts[1]).",
            // {"alg":"none","kid":"north"}
            "unsigned": "eyJhbGciOiJub25lIiwia2lkIjoibm9ydGgifQ.\(parts[1]).",
            "noise": "x",
            "huge": String(repeating: "a", count: Limits.tokenBytesMax + 1),
        ]
        try await harness.run { (site) async throws in
            #expect(
                try await site.send(.get, "/api/v1/wall", headers: [.authorization: "Bearer \(good)"]).status == 200
            )
            for (what, token) in bad {
                let reply = try await site.send(.get, "/api/v1/wall", headers: [.authorization: "Bearer \(token)"])
                #expect(reply.status == 401, "\(what)")
                #expect(
                    reply.headers[.wwwAuthenticate] == "Bearer realm=\"tandem\", error=\"invalid_token\"",
                    "\(what)"
                )
            }
        }
    }

    @Test("Without a bearer token the answer is 401 with a challenge", arguments: [nil, "Basic YTpi", "Bearer", ""])
    func noToken(field: String?) async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.send(.get, "/api/v1/wall", headers: field.map { [.authorization: $0] } ?? [:])
            #expect(reply.status == 401)
            #expect(reply.headers[.wwwAuthenticate] == "Bearer realm=\"tandem\"")
            #expect(reply.problem == "not-authenticated")
        }
    }

    @Test("Barring an account ends its sessions within seconds, and a new role counts at once after that")
    func barred() async throws {
        let harness = try await Harness()
        try await harness.addAccount("bob", password: nil, isActive: true, role: .supervisor)
        let token = try await harness.token("bob", role: .administrator)
        try await harness.run { (site) async throws in
            let headers: HTTPFields = [.authorization: "Bearer \(token)"]
            #expect(try await site.send(.get, "/api/v1/session", headers: headers)["account.role"] == "supervisor")
            try await harness.addAccount("bob", password: nil, isActive: false)
            harness.clock.advance(Limits.accountCacheSpan)
            #expect(try await site.send(.get, "/api/v1/session", headers: headers).status == 401)
        }
    }

    @Test("A site's new key is seen when the old one is no longer trusted")
    func newKey() async throws {
        let harness = try await Harness()
        let fresh = ES256PrivateKey()
        let token = try await harness.token("anna", kid: "east", key: fresh)
        try await harness.run { (site) async throws in
            let headers: HTTPFields = [.authorization: "Bearer \(token)"]
            #expect(try await site.send(.get, "/api/v1/wall", headers: headers).status == 401)
            harness.gateway.state.withLock { $0.tokenKeys["east"] = fresh.publicKey.pemRepresentation }
            harness.clock.advance(Limits.siteKeyCacheSpan)
            #expect(try await site.send(.get, "/api/v1/wall", headers: headers).status == 200)
        }
    }
}
