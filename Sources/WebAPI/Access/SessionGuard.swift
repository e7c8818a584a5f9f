import ContactCenter
import HTTPTypes
import Hummingbird
import Kernel
import Synchronization

/// Finds out who asks, from the request's token.
final class SessionGuard: Sendable {
    private struct Entry {
        var account: AccountRecord?
        var goodUntil: Instant
    }

    private let tokens: TokenService
    private let accounts: any AccountSource
    private let clock: WebClock
    private let cache = Mutex<[AccountID: Entry]>([:])

    init(tokens: TokenService, accounts: any AccountSource, clock: WebClock) {
        self.tokens = tokens
        self.accounts = accounts
        self.clock = clock
    }

    /// The session of a request, or a 401.
    ///
    /// An account that this site does not know is taken at its token's word: its record may be on the way, and the
    /// token's signature proves that a site of the cluster knew it. One that is barred here is out.
    func session(_ headers: HTTPFields) async throws -> Session {
        guard let field = headers[.authorization] else {
            throw Problem.notAuthenticated("Send the token of a session as `Authorization: Bearer …`.")
        }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw Problem.notAuthenticated("Only bearer tokens are taken.")
        }
        var session = try await tokens.verify(parts[1].trimmingSpaces)
        guard let account = try await account(session.account) else { return session }
        guard account.active else {
            throw Problem.notAuthenticated("The account is barred.", error: "invalid_token")
        }
        session.name = account.name
        session.role = account.role
        session.agent = account.agent
        session.sites = account.sites
        return session
    }

    private func account(_ id: AccountID) async throws -> AccountRecord? {
        let now = clock.instant()
        if let entry = cache.withLock({ $0[id] }), now < entry.goodUntil { return entry.account }
        let account = try await accounts.account(id)
        let entry = Entry(account: account, goodUntil: now + Limits.accountCacheSpan)
        cache.withLock { cache in
            if cache.count >= Limits.accountCacheEntriesMax { cache = cache.filter { now < $0.value.goodUntil } }
            if cache.count < Limits.accountCacheEntriesMax { cache[id] = entry }
        }
        return account
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String { String(self).trimmed }
}
