import ContactCenter
import HTTPTypes
import Kernel

// All problems that the API knows, in one place; docs/openapi.yaml lists the same kinds.
extension Problem {
    static func malformed(_ detail: String, errors: [FieldProblem] = []) -> Problem {
        Problem(status: .badRequest, kind: "malformed", title: "Malformed request", detail: detail, errors: errors)
    }

    static func malformed(_ problem: JSONProblem) -> Problem {
        let place = "line \(problem.line), column \(problem.column)"
        return malformed(
            "The body is not JSON: \(problem.message) (\(place)).",
            errors: [FieldProblem(line: problem.line, message: "column \(problem.column): \(problem.message)")]
        )
    }

    static func invalid(_ errors: [FieldProblem]) -> Problem {
        let first = errors.first.map { problem in (problem.field.map { "\($0): " } ?? "") + problem.message }
        return Problem(
            status: .unprocessableContent,
            kind: "invalid",
            title: "Some fields cannot be taken",
            detail: (first ?? "Some fields cannot be taken")
                + (errors.count > 1 ? " and \(errors.count - 1) more." : "."),
            errors: errors
        )
    }

    static func notAuthenticated(_ detail: String, error: String? = nil) -> Problem {
        let challenge = "Bearer realm=\"tandem\"" + (error.map { ", error=\"\($0)\"" } ?? "")
        return Problem(
            status: .unauthorized,
            kind: "not-authenticated",
            title: "Not signed in",
            detail: detail,
            headers: [.wwwAuthenticate: challenge]
        )
    }

    static func forbidden(_ detail: String) -> Problem {
        Problem(status: .forbidden, kind: "forbidden", title: "Not allowed", detail: detail)
    }

    static func notFound(_ detail: String) -> Problem {
        Problem(status: .notFound, kind: "not-found", title: "Not found", detail: detail)
    }

    static func methodNotAllowed(_ allowed: [String]) -> Problem {
        Problem(
            status: .methodNotAllowed,
            kind: "method-not-allowed",
            title: "Wrong method",
            detail: "This address takes \(allowed.joined(separator: ", ")).",
            headers: [.allow: allowed.joined(separator: ", ")]
        )
    }

    static func refused(_ detail: String, errors: [FieldProblem] = []) -> Problem {
        Problem(status: .conflict, kind: "refused", title: "Not possible now", detail: detail, errors: errors)
    }

    static func changed(current version: String) -> Problem {
        Problem(
            status: .preconditionFailed,
            kind: "changed",
            title: "Changed in between",
            detail: "Somebody changed this since you read it. Read it again and decide.",
            currentVersion: version,
            headers: [.eTag: "\"\(version)\""]
        )
    }

    static func tooLarge(_ bytes: Int) -> Problem {
        Problem(
            status: .contentTooLarge,
            kind: "too-large",
            title: "Body too large",
            detail: "The body may have \(bytes) bytes at most."
        )
    }

    static func wrongType(_ expected: String) -> Problem {
        Problem(
            status: .unsupportedMediaType,
            kind: "wrong-type",
            title: "Wrong content type",
            detail: "The body must be \(expected)."
        )
    }

    static func tooMany(_ detail: String, retryAfter: Span) -> Problem {
        Problem(
            status: .tooManyRequests,
            kind: "too-many",
            title: "Too many requests",
            detail: detail,
            headers: [.retryAfter: wholeSeconds(retryAfter)]
        )
    }

    static func unavailable(_ detail: String, retryAfter: Span = .seconds(1)) -> Problem {
        Problem(
            status: .serviceUnavailable,
            kind: "unavailable",
            title: "Not available now",
            detail: detail,
            headers: [.retryAfter: wholeSeconds(retryAfter)]
        )
    }

    static func coming(bytes: Int, of size: Int) -> Problem {
        var problem = unavailable(
            "The file is at another site and on its way: \(bytes) of \(size) bytes are here. Ask again in a moment.",
            retryAfter: .seconds(2)
        )
        problem.progress = Problem.Progress(bytes: bytes, of: size)
        return problem
    }

    static func storageFull(_ detail: String) -> Problem {
        Problem(status: .init(code: 507), kind: "storage-full", title: "Disk full", detail: detail)
    }

    /// Never says more than this: the cause stands in the log under the request's id.
    static let failed = Problem(
        status: .internalServerError,
        kind: "failed",
        title: "The site failed",
        detail: "The site could not answer. Its log has the reason under this request's id."
    )

    private static func wholeSeconds(_ span: Span) -> String {
        String(max(1, (span.milliseconds + 999) / 1_000))
    }
}

extension Problem {
    /// The answer to a refusal by the site.
    init(_ error: GatewayError) {
        switch error.code {
        case .notFound: self = .notFound(error.message)
        case .refused: self = .refused(error.message, errors: error.problems)
        case .invalid:
            self = .invalid(error.problems.isEmpty ? [FieldProblem(message: error.message)] : error.problems)
        case .unavailable:
            self = .unavailable(error.message, retryAfter: .seconds(5))
            away = error.away
        case .overloaded: self = .unavailable(error.message)
        case .storageFull: self = .storageFull(error.message)
        }
    }
}

extension Problem {
    /// The answer to an edit that the domain refuses.
    init(_ rejection: EditRejection) {
        let problem = FieldProblem(field: rejection.field, message: rejection.message)
        switch rejection.code {
        case .notFound: self = .notFound(rejection.message)
        case .wrongState: self = .refused(rejection.message, errors: [problem])
        case .invalid, .missing, .tooLarge: self = .invalid([problem])
        }
    }
}
