import HTTPTypes
import Hummingbird

/// Tells browsers what pages of this site may do.
///
/// Pages load nothing from elsewhere and run no inline code; they may call the other sites of the cluster, because a
/// desk whose site is lost goes on there. Nothing may put them into a frame.
struct SecurityHeadersMiddleware: RouterMiddleware {
    private let policy: String

    init(origins: [String]) {
        let connect = (["'self'"] + origins).joined(separator: " ")
        policy = [
            "default-src 'self'", "connect-src \(connect)", "img-src 'self' data:", "media-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
        ].joined(separator: "; ")
    }

    func handle(
        _ request: Request,
        context: APIContext,
        next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.contentSecurityPolicy] = policy
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.frameOptions] = "DENY"
        response.headers[.crossOriginOpenerPolicy] = "same-origin"
        response.headers[.permissionsPolicy] = "camera=(), geolocation=(), microphone=()"
        return response
    }
}
