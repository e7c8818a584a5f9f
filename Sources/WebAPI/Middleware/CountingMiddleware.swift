import Hummingbird
import Logging

/// Counts and, at debug level, logs each answer.
///
/// Headers and bodies are never logged: they hold tokens and passwords.
struct CountingMiddleware: RouterMiddleware {
    let counters: ServerCounters

    func handle(
        _ request: Request,
        context: APIContext,
        next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        counters.answered(method: request.method.rawValue, status: response.status.code)
        context.logger.debug(
            "Answered",
            metadata: [
                "method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
            ]
        )
        return response
    }
}
