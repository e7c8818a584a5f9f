import Foundation
import HTTPTypes
import Hummingbird
import Kernel

/// A request that has passed its checks: who asks is known and the body is here.
struct Call: Sendable {
    let request: Request
    let context: APIContext
    let session: Session
    let body: [UInt8]

    /// A variable of the path.
    func variable(_ name: String) throws -> String {
        guard let value = context.parameters.get(name), let decoded = value.removingPercentEncoding,
            (1...Limits.pathVariableBytesMax).contains(decoded.utf8.count)
        else { throw Problem.notFound("There is nothing at this address.") }
        return decoded
    }

    /// The fields of a JSON body.
    func fields() throws -> BodyFields {
        try BodyFields.read(body, headers: request.headers, mayBeEmpty: false)
    }

    /// The fields of a JSON body; none when there is no body.
    func optionalFields() throws -> BodyFields {
        try BodyFields.read(body, headers: request.headers, mayBeEmpty: true)
    }

    /// Refuses a body with any field in it; no body at all is fine.
    func expectNoFields() throws {
        var fields = try optionalFields()
        try fields.finish()
    }

    /// The parameters after the question mark.
    func query() -> QueryFields { QueryFields(request.uri.query ?? "") }
}

/// A request to an open endpoint.
struct OpenCall: Sendable {
    let request: Request
    let context: APIContext
    let body: [UInt8]

    /// The fields of a JSON body.
    func fields() throws -> BodyFields {
        try BodyFields.read(body, headers: request.headers, mayBeEmpty: false)
    }
}

extension BodyFields {
    /// Reads a body that must be a JSON object.
    static func read(_ body: [UInt8], headers: HTTPFields, mayBeEmpty: Bool) throws -> BodyFields {
        if body.isEmpty {
            guard mayBeEmpty else { throw Problem.malformed("The body is missing; it must be a JSON object.") }
            return BodyFields([:])
        }
        let type = headers[.contentType]?.prefix { $0 != ";" }.lowercased().trimmed
        guard type == "application/json" || type == "application/merge-patch+json" else {
            throw Problem.wrongType("application/json")
        }
        let value: JSONValue
        do {
            value = try JSONReader.read(body)
        } catch {
            throw Problem.malformed(error)
        }
        guard case .object(let members) = value else {
            throw Problem.invalid([FieldProblem(message: "the body must be an object, not \(value.kind)")])
        }
        return BodyFields(members)
    }
}
