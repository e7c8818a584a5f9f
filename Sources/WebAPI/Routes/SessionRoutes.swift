import ContactCenter
import HTTPTypes
import Kernel
import Synchronization

/// Signing in.
struct SessionRoutes: Sendable {
    let services: WebServices
    private let throttle: ThrottleBox

    init(services: WebServices) {
        self.services = services
        throttle = ThrottleBox()
    }

    func add(to router: EndpointRouter) {
        router.open(.signIn) { call in try await signIn(call) }
        router.on(.session) { call in
            let session = call.session
            let account = AccountResource(
                login: session.account.key,
                name: session.name,
                role: session.role,
                agent: session.agent?.key
            )
            return try .json(
                SessionResource(
                    expiresAt: Timestamp(session.expiresAt),
                    account: account,
                    site: services.configuration.site.name,
                    sites: try await services.gateway.sites()
                )
            )
        }
    }

    private func signIn(_ call: OpenCall) async throws -> Answer {
        var fields = try call.fields()
        let login = fields.require("login", fields.line("login", max: Limits.documentKeyBytesMax))
        let password = fields.require("password", fields.text("password", max: Limits.passwordBytesMax))
        try fields.finish()
        guard let login, let password else { throw Problem.failed }
        let address = call.context.remoteAddress
        let now = services.configuration.clock.instant()
        if let wait = throttle.value.withLock({ $0.wait(account: login, address: address, now: now) }) {
            services.counters.signedIn(.throttled)
            throw Problem.tooMany("Too many wrong passwords. Wait before the next try.", retryAfter: wait)
        }
        // Counted before the check and taken back on success: tries in parallel must not slip through together.
        throttle.value.withLock { $0.failed(account: login, address: address, now: now) }
        let found = try await services.gateway.account(AccountID(login))
        let isRight = try await services.passwords.accepts(password, hash: found?.passwordHash)
        guard isRight, let account = found, account.active else {
            services.counters.signedIn(.refused)
            // One answer for all cases: nobody learns which logins exist.
            throw Problem.notAuthenticated("The login or the password is wrong.")
        }
        throttle.value.withLock { $0.succeeded(account: login, address: address) }
        services.counters.signedIn(.accepted)
        return try await granted(account)
    }

    private func granted(_ account: AccountRecord) async throws -> Answer {
        let issued = try await services.tokens.issue(for: account)
        let resource = NewSessionResource(
            token: issued.token,
            expiresAt: Timestamp(issued.expiresAt),
            account: AccountResource(
                login: account.id.key,
                name: account.name,
                role: account.role,
                agent: account.agent?.key
            ),
            site: services.configuration.site.name,
            sites: try await services.gateway.sites()
        )
        return try .json(resource, status: .created)
    }
}

/// Shares the throttle among requests.
private final class ThrottleBox: Sendable {
    let value = Mutex(LoginThrottle())
}
