import ContactCenter
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JWTKit
import Kernel
import Logging
import NIOCore
import Synchronization
import Testing
import WebAPI

/// A server over a fake site, with an account for each role; the password of each is its login, `-password` added.
struct Harness: Sendable {
    let clock = TestClock()
    let gateway: FakeGateway
    let server: WebServer
    let northKey = ES256PrivateKey()
    let eastKey = ES256PrivateKey()

    static let cost = PasswordHash.Cost(roundsLog2: 2, blockSize: 1, parallelism: 1)

    init(pagesDirectory: String? = nil) async throws {
        gateway = FakeGateway(clock: clock)
        let north = try #require(SiteID("north"))
        var configuration = WebServerConfiguration(
            host: "127.0.0.1",
            port: 0,
            site: north,
            incarnation: 7,
            tokenKeyPEM: northKey.pemRepresentation
        )
        configuration.siteURLs = Samples.sites.map(\.url)
        configuration.passwordCost = Self.cost
        configuration.clock = clock.clock
        configuration.pagesDirectory = pagesDirectory
        server = try await WebServer(
            configuration,
            gateway: gateway,
            logger: QuietLog.logger
        )
        gateway.state.withLock {
            $0.tokenKeys = [
                "north": northKey.publicKey.pemRepresentation, "east": eastKey.publicKey.pemRepresentation,
            ]
        }
        try await addPeople()
    }

    private func addPeople() async throws {
        var profile = StaffEdit.AgentProfileChange()
        profile.name = "Anna"
        var edits = [try StaffEdit.put(AgentID("anna"), profile)]
        for (login, role, agent) in [
            ("anna", AccountRole.agent, AgentID("anna") as AgentID?), ("susan", .supervisor, nil),
            ("admin", .administrator, nil),
        ] {
            var change = StaffEdit.AccountChange()
            change.name = login.capitalized
            change.role = role
            change.agent = agent
            change.isActive = true
            change.passwordHash = try PasswordHash.make("\(login)-password", cost: Self.cost).text
            edits.append(try StaffEdit.put(AccountID(login), change))
        }
        _ = try await gateway.commit(EditRequest(actor: .system, edits: edits), acknowledgement: .local)
        gateway.state.withLock { $0.commits = [] }
    }

    /// Runs a test against the router, without sockets and without the hub's loops.
    func run(_ body: @escaping @Sendable (Site) async throws -> Void) async throws {
        try await server.testedApplication(runsHub: false).test(.router) { client in
            try await body(Site(client: client, harness: self))
        }
    }

    /// A token as a site's sign-in makes it.
    func token(
        _ login: String,
        role: AccountRole = .agent,
        agent: String? = nil,
        kid: String? = "north",
        key: ES256PrivateKey? = nil,
        for span: Span = .seconds(3_600)
    ) async throws -> String {
        let keys = JWTKeyCollection()
        await keys.add(ecdsa: key ?? northKey)
        let now = clock.wall.milliseconds / 1_000
        let claims = Claims(
            sub: login,
            role: role.rawValue,
            agent: agent,
            sites: [],
            iat: now,
            exp: now + span.milliseconds / 1_000
        )
        return try await keys.sign(claims, header: kid.map { ["kid": .string($0)] } ?? [:])
    }

    struct Claims: JWTPayload {
        var sub: String
        var role: String
        var agent: String?
        var sites: [String]
        var iat: Int64
        var exp: Int64

        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }
}
