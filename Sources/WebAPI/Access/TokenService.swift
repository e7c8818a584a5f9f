import ContactCenter
import JWTKit
import Kernel

/// Makes tokens with this site's key and checks those of all sites.
///
/// A token is a JWT signed with ES256; its `kid` names the site that signed it. The public half of each site's key is
/// a record that all sites share, so that a desk whose site is lost is taken in elsewhere without a sign-in.
struct TokenService: Sendable {
    private let site: String
    private let signer: JWTKeyCollection
    private let keys: SiteKeyCache
    private let clock: WebClock

    /// Takes the site's private key (P-256, PEM).
    init(site: String, privateKeyPEM: String, accounts: any AccountSource, clock: WebClock) async throws {
        let key: ES256PrivateKey
        do {
            key = try ES256PrivateKey(pem: privateKeyPEM)
        } catch {
            throw WebServerError.badTokenKey
        }
        self.site = site
        self.clock = clock
        signer = JWTKeyCollection()
        keys = SiteKeyCache(accounts: accounts, clock: clock)
        await signer.add(ecdsa: key, kid: JWKIdentifier(string: site))
    }

    /// Makes a token for an account.
    func issue(for account: AccountRecord) async throws -> (token: String, expiresAt: WallTime) {
        let now = clock.wall().milliseconds / 1_000
        let expiry = now + Limits.tokenSpan.milliseconds / 1_000
        let claims = TokenClaims(
            sub: account.id.key,
            role: account.role.rawValue,
            agent: account.agent?.key,
            sites: account.sites,
            iat: now,
            exp: expiry
        )
        let token = try await signer.sign(claims, kid: JWKIdentifier(string: site))
        return (token, WallTime(milliseconds: expiry * 1_000))
    }

    /// Checks a token; throws a 401 that says what is wrong with it, as far as that helps an honest client.
    func verify(_ token: String) async throws -> Session {
        guard token.utf8.count <= Limits.tokenBytesMax,
            let parsed = try? DefaultJWTParser().parse(Array(token.utf8), as: TokenClaims.self),
            let signedBy = parsed.header.kid.flatMap(SiteID.init), parsed.header.alg == "ES256"
        else { throw Self.rejected("The token is malformed.") }
        guard let key = try await keys.key(of: signedBy) else {
            throw Self.rejected("The token was signed by a site that is not known here.")
        }
        guard let claims = try? await key.verify(token, as: TokenClaims.self),
            let role = AccountRole(rawValue: claims.role)
        else { throw Self.rejected("The token's signature is wrong.") }
        let expiresAt = WallTime(milliseconds: claims.exp.multipliedReportingOverflow(by: 1_000).partialValue)
        guard clock.wall() < expiresAt, claims.exp < Int64.max / 1_000 else {
            throw Self.rejected("The session has ended. Sign in again.")
        }
        return Session(
            account: AccountID(claims.sub),
            name: claims.sub,
            role: role,
            agent: claims.agent.map { AgentID($0) },
            sites: claims.sites,
            expiresAt: expiresAt
        )
    }

    private static func rejected(_ detail: String) -> Problem {
        .notAuthenticated(detail, error: "invalid_token")
    }
}
