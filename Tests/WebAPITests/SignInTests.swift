import ContactCenter
import HTTPTypes
import Kernel
import Testing
import WebAPI

@Suite("Signing in")
struct SignInTests {
    @Test("The right password gives a token, the account and all sites")
    func rightPassword() async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.signIn("anna", "anna-password")
            #expect(reply.status == 201)
            #expect(reply["account.login"] == "anna")
            #expect(reply["account.role"] == "agent")
            #expect(reply["account.agent"] == "anna")
            #expect(reply["site"] == "north")
            #expect(reply["sites.1.url"] == "http://127.0.0.1:8082")
            #expect(reply["expiresAt"] == "\(Timestamp(site.harness.clock.wall + .seconds(12 * 3_600)))")
            let token = try #require(reply["token"])
            let session = try await site.send(.get, "/api/v1/session", headers: [.authorization: "Bearer \(token)"])
            #expect(session.status == 200)
            #expect(session["account.name"] == "Anna")
            #expect(session["token"] == nil)
        }
    }

    @Test("An account that belongs to no agent says so with null")
    func accountWithoutAgent() async throws {
        try await Harness().run { (site) async throws in
            #expect(try await site.signIn("susan", "susan-password")["account.agent"] == "null")
        }
    }

    @Test(
        "A wrong password, an unknown login and a barred account get the same answer",
        arguments: [
            ("anna", "guess-me"), ("nobody", "anna-password"), ("barred", "barred-password"), ("unset", "guess-me"),
        ]
    )
    func refused(login: String, password: String) async throws {
        let harness = try await Harness()
        try await harness.addAccount("barred", password: "barred-password", isActive: false)
        try await harness.addAccount("unset", password: nil, isActive: true)
        try await harness.run { (site) async throws in
            let reply = try await site.signIn(login, password)
            #expect(reply.status == 401)
            #expect(reply.problem == "not-authenticated")
            #expect(reply["detail"] == "The login or the password is wrong.")
            #expect(reply.headers[.wwwAuthenticate] == "Bearer realm=\"tandem\"")
            #expect(!reply.text.contains(password))
        }
    }

    @Test("After five wrong passwords each further try has to wait, longer each time, and then may go on")
    func throttling() async throws {
        try await Harness().run { (site) async throws in
            for _ in 0..<Limits.loginFailuresFree {
                #expect(try await site.signIn("anna", "wrong").status == 401)
            }
            let early = try await site.signIn("anna", "anna-password")
            #expect(early.status == 429)
            #expect(early.headers[.retryAfter] == "1")
            site.harness.clock.advance(.seconds(1))
            #expect(try await site.signIn("anna", "wrong").status == 401)
            #expect(try await site.signIn("anna", "anna-password").headers[.retryAfter] == "2")
            #expect(try await site.signIn("susan", "susan-password").status == 201)
            site.harness.clock.advance(.seconds(2))
            #expect(try await site.signIn("anna", "anna-password").status == 201)
            #expect(try await site.signIn("anna", "wrong").status == 401)
        }
    }

    @Test("One address cannot try many accounts without end")
    func throttlingByAddress() async throws {
        try await Harness().run { (site) async throws in
            for number in 0..<Limits.loginFailuresPerAddress {
                #expect(try await site.signIn("login-\(number)", "spring2026").status == 401)
            }
            #expect(try await site.signIn("anna", "anna-password").status == 429)
            site.harness.clock.advance(Limits.loginForgetSpan + .seconds(1))
            #expect(try await site.signIn("anna", "anna-password").status == 201)
        }
    }

    @Test("A whole office may sign in from one address, and that forgives nobody the passwords tried on others")
    func office() async throws {
        try await Harness().run { (site) async throws in
            for _ in 0...Limits.loginFailuresPerAddress {
                #expect(try await site.signIn("anna", "anna-password").status == 201)
            }
            for number in 0..<Limits.loginFailuresPerAddress {
                #expect(try await site.signIn("login-\(number)", "spring2026").status == 401)
                if number == 50 { #expect(try await site.signIn("anna", "anna-password").status == 201) }
            }
            #expect(try await site.signIn("anna", "anna-password").status == 429)
        }
    }

    @Test("Missing and unknown fields are named")
    func fields() async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.send(
                .post,
                "/api/v1/session",
                body: #"{"login":5,"pasword":"x"}"#,
                headers: [.contentType: "application/json"]
            )
            #expect(reply.status == 422)
            #expect(reply.fieldsAtFault == ["login", "password", "pasword"])
        }
    }
}

extension Site {
    func signIn(_ login: String, _ password: String) async throws -> Reply {
        let body = #"{"login":"\#(login)","password":"\#(password)"}"#
        return try await send(.post, "/api/v1/session", body: body, headers: [.contentType: "application/json"])
    }
}

extension Harness {
    func addAccount(_ login: String, password: String?, isActive: Bool, role: AccountRole = .agent) async throws {
        var change = StaffEdit.AccountChange()
        change.name = login
        change.role = role
        change.isActive = isActive
        change.passwordHash = try password.map { try PasswordHash.make($0, cost: Self.cost).text }
        let edit = try StaffEdit.put(AccountID(login), change)
        _ = try await gateway.commit(EditRequest(actor: .system, edits: [edit]), acknowledgement: .local)
    }
}
