import JWTKit

/// What a token says.
struct TokenClaims: JWTPayload, Hashable {
    /// The account.
    var sub: String
    /// The role at sign-in.
    var role: String
    /// The agent who signs in with the account.
    var agent: String?
    /// The sites that a supervisor may see.
    var sites: [String]
    /// When it was made, Unix seconds.
    var iat: Int64
    /// When it ends, Unix seconds.
    var exp: Int64

    /// The times are checked by `TokenService` against its own clock.
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}
