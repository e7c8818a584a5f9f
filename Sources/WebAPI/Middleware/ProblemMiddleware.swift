import ContactCenter
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Turns every error into a problem that a client can read, and logs those that are ours.
struct ProblemMiddleware: RouterMiddleware {
    func handle(
        _ request: Request,
        context: APIContext,
        next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = problem(error, request: request, context: context)
            return problem.answer(instance: context.logger[metadataKey: "hb.request.id"]?.description).response
        }
    }

    private func problem(_ error: any Error, request: Request, context: APIContext) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as GatewayError: return Problem(error)
        case let rejection as EditRejection: return Problem(rejection)
        case let error as HTTPError where error.status == .notFound: return unknown(request)
        case let error as any HTTPResponseError:
            return Problem(
                status: error.status,
                kind: "malformed",
                title: error.status.reasonPhrase,
                detail: "\(error)"
            )
        case is CancellationError: return .unavailable("The site is stopping.")
        default:
            context.logger.error(
                "A request failed",
                metadata: ["method": "\(request.method)", "path": "\(request.uri.path)", "error": "\(error)"]
            )
            return .failed
        }
    }

    /// No route: the path is wrong, or only the method.
    private func unknown(_ request: Request) -> Problem {
        let path = request.uri.path
        var methods = Set(Endpoint.all.filter { $0.matches(path: path) }.map(\.method.rawValue))
        guard !methods.isEmpty else { return .notFound("There is nothing at \(path.prefix(200)).") }
        if methods.contains("GET") { methods.insert("HEAD") }
        return .methodNotAllowed(methods.sorted())
    }
}
