import Kernel

/// What the routes work with.
struct WebServices: Sendable {
    let configuration: WebServerConfiguration
    let gateway: any SiteGateway
    let tokens: TokenService
    let sessions: SessionGuard
    let passwords: PasswordChecker
    let counters: ServerCounters
    let idempotency: IdempotencyCache
    let live: LiveHub
    let pages: PageStore
}
