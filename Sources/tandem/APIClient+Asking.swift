import Foundation

extension APIClient {
    /// Sends a request and words a refusal for the person at the command line.
    func ask(_ method: String, _ path: String, at url: String) async throws -> Data {
        do {
            return try await send(method, path)
        } catch let problem as APIProblem {
            throw CommandFailure(code: .failed, message: "\(url): \(problem)")
        }
    }

    /// Sends a request with a JSON body and words a refusal for the person at the command line.
    func ask(_ method: String, _ path: String, _ body: some Encodable & Sendable, at url: String) async throws -> Data {
        do {
            return try await send(method, path, body: try JSONEncoder().encode(body), type: "application/json")
        } catch let problem as APIProblem {
            throw CommandFailure(code: .failed, message: "\(url): \(problem)")
        }
    }
}

extension Data {
    /// Decodes an answer of the API.
    func read<Answer: Decodable>(_ type: Answer.Type) throws -> Answer {
        do {
            return try JSONDecoder().decode(type, from: self)
        } catch {
            throw CommandFailure(code: .failed, message: "The site answered what was not expected: \(error)")
        }
    }
}

extension String {
    /// The text as one part of a path.
    var pathPart: String {
        let plain = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\u{0}"..."\u{7F}"))
        return addingPercentEncoding(withAllowedCharacters: plain.union(CharacterSet(charactersIn: "-._~"))) ?? self
    }
}
