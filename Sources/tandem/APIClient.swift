import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A small client of a site's HTTP API, for commands.
final class APIClient: Sendable {
    private let base: URL
    private let session: URLSession
    private let token: String?

    private init(base: URL, session: URLSession, token: String?) {
        self.base = base
        self.session = session
        self.token = token
    }

    /// A client that has not signed in.
    ///
    /// Throws when `url` is no http address.
    convenience init(url: String) throws {
        guard let base = URL(string: url), base.scheme?.hasPrefix("http") == true, base.host != nil else {
            throw CommandFailure(code: .failed, message: "'\(url)' is no address; write http://HOST:PORT")
        }
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 120
        self.init(base: base, session: URLSession(configuration: configuration), token: nil)
    }

    /// Signs in and returns a client that acts for the account.
    func signedIn(login: String, password: String) async throws -> APIClient {
        let body = try JSONEncoder().encode(["login": login, "password": password])
        let answer = try await send("POST", "/api/v1/session", body: body, type: "application/json")
        struct Session: Decodable { var token: String }
        return APIClient(base: base, session: session, token: try decode(Session.self, answer).token)
    }

    /// Sends JSON and decodes the answer.
    func call<Answer: Decodable>(
        _ method: String,
        _ path: String,
        _ body: (some Encodable & Sendable)?
    ) async throws
        -> Answer
    {
        let data = try body.map { try JSONEncoder().encode($0) }
        return try decode(Answer.self, try await send(method, path, body: data, type: "application/json"))
    }

    /// Sends bytes and returns the answer's body.
    ///
    /// Throws `CommandFailure` with the server's own words on refusal.
    func send(_ method: String, _ path: String, body: Data? = nil, type: String? = nil) async throws -> Data {
        guard let url = URL(string: path, relativeTo: base) else {
            throw CommandFailure(code: .failed, message: "'\(path)' is no path")
        }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body
        if let type { request.setValue(type, forHTTPHeaderField: "Content-Type") }
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        let data: Data
        let response: URLResponse
        do {
            (data, response) = try await session.data(for: request)
        } catch {
            throw CommandFailure(
                code: .failed,
                message: "\(base.absoluteString) does not answer; is the site running? (\(error.localizedDescription))"
            )
        }
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard (200..<300).contains(status) else { throw APIProblem(status: status, body: data) }
        return data
    }

    private func decode<Answer: Decodable>(_ type: Answer.Type, _ data: Data) throws -> Answer {
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch {
            throw CommandFailure(
                code: .failed,
                message: "\(base.absoluteString) answered what was not expected: \(error)"
            )
        }
    }
}

/// A refusal as the API tells it (RFC 9457).
struct APIProblem: Error, CustomStringConvertible {
    struct Detail: Decodable {
        var line: Int?
        var field: String?
        var message: String
    }

    private struct Document: Decodable {
        var title: String?
        var detail: String?
        var errors: [Detail]?
    }

    let status: Int
    let body: Data

    var description: String {
        guard let document = try? JSONDecoder().decode(Document.self, from: body) else {
            return "HTTP status \(status)"
        }
        let head =
            document.detail ?? document.title ?? (document.errors == nil ? "HTTP status \(status)" : "What is wrong:")
        let lines = (document.errors ?? []).map { detail in
            let place = [detail.line.map { "line \($0)" }, detail.field].compactMap(\.self).joined(separator: ", ")
            return place.isEmpty ? "  \(detail.message)" : "  \(place): \(detail.message)"
        }
        return ([head] + lines).joined(separator: "\n")
    }
}
