import HTTPTypes
import Hummingbird

/// Lets pages that another site of the cluster served call this one (the Fetch standard's CORS protocol).
///
/// No cookie is used, so nothing is sent unasked; only the origins of the cluster's own sites are let in.
struct SitesOriginMiddleware: RouterMiddleware {
    private let origins: Set<String>

    init(origins: [String]) {
        self.origins = Set(origins)
    }

    func handle(
        _ request: Request,
        context: APIContext,
        next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin], origins.contains(origin) else {
            return try await next(request, context)
        }
        if request.method == .options, request.headers[.accessControlRequestMethod] != nil {
            return Response(
                status: .noContent,
                headers: [
                    .accessControlAllowOrigin: origin,
                    .accessControlAllowMethods: "GET, HEAD, POST, PUT, PATCH, DELETE",
                    .accessControlAllowHeaders:
                        "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Last-Event-ID, Range",
                    .accessControlMaxAge: "600",
                    .vary: "Origin",
                ]
            )
        }
        var response = try await next(request, context)
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlExposeHeaders] =
            "ETag, Location, Retry-After, Tandem-Op, Tandem-Acknowledged, Tandem-Acknowledgement-Missed"
        response.headers[.vary] = "Origin"
        return response
    }
}
