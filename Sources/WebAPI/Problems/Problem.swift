import HTTPTypes

/// A refusal as the API writes it: `application/problem+json` (RFC 9457).
struct Problem: Error, Sendable {
    /// The HTTP status.
    var status: HTTPResponse.Status
    /// The kind, the last part of the problem's type.
    var kind: String
    /// What it is, the same for all problems of a kind.
    var title: String
    /// What happened this time.
    var detail: String
    /// The fields or lines at fault.
    var errors: [FieldProblem] = []
    /// The version that stands, where another one was expected.
    var currentVersion: String?
    /// How far something is that is on its way.
    var progress: Progress?
    /// The site that cannot be reached, where that is why.
    var away: AwaySite?
    /// Header fields of the answer.
    var headers: HTTPFields = [:]

    /// The answer; `instance` is the request's id, under which the log has more.
    func answer(instance: String?) -> Answer {
        let body = Body(
            type: "urn:tandem:problem:\(kind)",
            title: title,
            status: status.code,
            detail: detail,
            instance: instance.map { "urn:tandem:request:\($0)" },
            errors: errors.isEmpty ? nil : errors,
            currentVersion: currentVersion,
            progress: progress,
            away: away
        )
        let written = try? Answer.json(body, status: status, headers: headers, type: "application/problem+json")
        return written ?? Answer(status: status, headers: headers)
    }

    private struct Body: Encodable {
        var type: String
        var title: String
        var status: Int
        var detail: String
        var instance: String?
        var errors: [FieldProblem]?
        var currentVersion: String?
        var progress: Progress?
        var away: AwaySite?
    }

    /// Bytes that are here, of how many.
    struct Progress: Encodable, Hashable, Sendable {
        var bytes: Int
        var of: Int
    }
}
