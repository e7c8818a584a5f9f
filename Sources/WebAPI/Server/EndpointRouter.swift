import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

/// Registers routes for endpoints, with the checks that all share: who asks, may they, is the body bearable, was it
/// asked before.
struct EndpointRouter {
    let router: Router<APIContext>
    let services: WebServices

    /// Serves an endpoint that needs a session.
    func on(_ endpoint: Endpoint, _ handler: @escaping @Sendable (Call) async throws -> Answer) {
        let services = services
        register(endpoint) { request, context in
            let session = try await services.sessions.session(request.headers)
            if let refusal = endpoint.access.refusal(of: session) { throw Problem.forbidden(refusal) }
            let body = try await Self.body(of: request, endpoint: endpoint)
            let call = Call(request: request, context: context, session: session, body: body)
            return try await Self.once(call, endpoint: endpoint, cache: services.idempotency, handler)
        }
    }

    /// Serves an endpoint whose body is taken piece by piece, with its bound watched by the handler.
    func upload(
        _ endpoint: Endpoint,
        _ handler: @escaping @Sendable (Call, RequestBody) async throws -> Answer
    ) {
        let services = services
        register(endpoint) { request, context in
            let session = try await services.sessions.session(request.headers)
            if let refusal = endpoint.access.refusal(of: session) { throw Problem.forbidden(refusal) }
            return try await handler(Call(request: request, context: context, session: session, body: []), request.body)
        }
    }

    /// Serves an endpoint that is open to all.
    func open(_ endpoint: Endpoint, _ handler: @escaping @Sendable (OpenCall) async throws -> Answer) {
        precondition(endpoint.access == .open, "\(endpoint.path) needs a session")
        register(endpoint) { request, context in
            let body = try await Self.body(of: request, endpoint: endpoint)
            return try await handler(OpenCall(request: request, context: context, body: body))
        }
    }

    private func register(
        _ endpoint: Endpoint,
        _ handler: @escaping @Sendable (Request, APIContext) async throws -> Answer
    ) {
        router.on(RouterPath(endpoint.path), method: endpoint.method) { request, context -> Response in
            try await handler(request, context).response
        }
    }

    private static func body(of request: Request, endpoint: Endpoint) async throws -> [UInt8] {
        guard request.method != .get, request.method != .head else { return [] }
        let max = endpoint.bodyBytesMax
        if let announced = request.headers[.contentLength].flatMap(Int.init), announced > max {
            throw Problem.tooLarge(max)
        }
        do {
            let buffer = try await request.body.collect(upTo: max)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(max)
        }
    }

    private static func once(
        _ call: Call,
        endpoint: Endpoint,
        cache: IdempotencyCache,
        _ handler: @Sendable (Call) async throws -> Answer
    ) async throws -> Answer {
        guard endpoint.method == .post, let name = call.request.headers[.idempotencyKey] else {
            return try await handler(call)
        }
        guard (1...Limits.idempotencyKeyBytesMax).contains(name.utf8.count) else {
            throw Problem.malformed("An Idempotency-Key has 1 to \(Limits.idempotencyKeyBytesMax) characters.")
        }
        let path = call.request.uri.path + "?" + (call.request.uri.query ?? "")
        let key = IdempotencyCache.Key(account: call.session.account, path: path, key: name)
        switch cache.begin(key, body: call.body) {
        case .replay(var answer):
            answer.headers[.idempotencyReplayed] = "true"
            return answer
        case .running: throw Problem.refused("The same request is being carried out at this moment.")
        case .done: throw Problem.refused("This request was carried out before; its answer was too long to keep.")
        case .mismatch:
            throw Problem.invalid([FieldProblem(message: "the Idempotency-Key was used for another body")])
        case .proceed: break
        }
        do {
            let answer = try await handler(call)
            cache.finish(key, answer: answer)
            return answer
        } catch {
            // Nothing was done, so the same key may try again.
            cache.finish(key, answer: nil)
            throw error
        }
    }
}

extension HTTPField.Name {
    static let idempotencyKey = HTTPField.Name(checked: "Idempotency-Key")
    static let idempotencyReplayed = HTTPField.Name(checked: "Idempotency-Replayed")
    static let lastEventID = HTTPField.Name(checked: "Last-Event-ID")
    static let referrerPolicy = HTTPField.Name(checked: "Referrer-Policy")
    static let frameOptions = HTTPField.Name(checked: "X-Frame-Options")
    static let crossOriginOpenerPolicy = HTTPField.Name(checked: "Cross-Origin-Opener-Policy")
    static let permissionsPolicy = HTTPField.Name(checked: "Permissions-Policy")
    static let accelBuffering = HTTPField.Name(checked: "X-Accel-Buffering")

    /// For names written in this module, which are known to be tokens.
    init(checked name: String) {
        guard let made = HTTPField.Name(name) else { preconditionFailure("\(name) is no field name") }
        self = made
    }
}
