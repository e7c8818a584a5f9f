import ContactCenter
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing
import WebAPI

/// The site as a client sees it.
struct Site: Sendable {
    let client: any TestClientProtocol
    let harness: Harness

    /// Asks as somebody; nil asks without a session.
    func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        as login: String? = "anna",
        body: String? = nil,
        type: String = "application/json",
        headers: HTTPFields = [:]
    ) async throws -> Reply {
        var headers = headers
        if let login {
            let role: AccountRole = ["susan": .supervisor, "admin": .administrator][login] ?? .agent
            let token = try await harness.token(login, role: role, agent: role == .agent ? login : nil)
            headers[.authorization] = "Bearer \(token)"
        }
        if body != nil, headers[.contentType] == nil { headers[.contentType] = type }
        return try await send(method, path, body: body, headers: headers)
    }

    /// Asks with just these header fields.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        body: String? = nil,
        headers: HTTPFields
    ) async throws -> Reply {
        let response = try await client.executeRequest(
            uri: path,
            method: method,
            headers: headers,
            body: body.map { ByteBuffer(string: $0) }
        )
        return Reply(status: response.status.code, headers: response.headers, text: String(buffer: response.body))
    }

    /// Makes a customer and returns what the site says.
    func makeCustomer(_ name: String = "Ada") async throws -> Reply {
        let reply = try await ask(.post, "/api/v1/customers", body: #"{"name":"\#(name)","phones":["+47 123 45 678"]}"#)
        try #require(reply.status == 201, "\(reply.text)")
        return reply
    }

    /// Makes a ticket and returns what the site says.
    func makeTicket(_ fields: String = #""subject":"No dial tone""#) async throws -> Reply {
        let reply = try await ask(.post, "/api/v1/tickets", body: "{\(fields)}")
        try #require(reply.status == 201, "\(reply.text)")
        return reply
    }
}

/// An answer.
struct Reply: Sendable {
    var status: Int
    var headers: HTTPFields
    var text: String

    /// A value of the JSON body by its path: `account.login`, `errors.0.field`.
    subscript(path: String) -> String? {
        var value = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
        for step in path.split(separator: ".") {
            if let list = value as? [Any] {
                guard let index = Int(step), index < list.count else { return nil }
                value = list[index]
            } else {
                value = (value as? [String: Any])?[String(step)]
            }
        }
        switch value {
        case nil: return nil
        case is NSNull: return "null"
        case let text as String: return text
        case let list as [Any]: return "\(list.count) items"
        case let number as NSNumber: return "\(number)"
        default: return "object"
        }
    }

    /// The last part of the problem's type.
    var problem: String? {
        headers[.contentType] == "application/problem+json"
            ? self["type"]?.split(separator: ":").last.map(String.init) : nil
    }

    /// The fields named in a problem, sorted.
    var fieldsAtFault: [String] {
        let body = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return (body?["errors"] as? [[String: Any]] ?? []).compactMap { $0["field"] as? String }.sorted()
    }
}

extension Site {
    /// Sends bytes as a new customer.
    func sendBytes(_ bytes: [UInt8]) async throws -> Reply {
        let token = try await harness.token("anna", agent: "anna")
        let response = try await client.executeRequest(
            uri: "/api/v1/customers",
            method: .post,
            headers: [.authorization: "Bearer \(token)", .contentType: "application/json"],
            body: ByteBuffer(bytes: bytes)
        )
        return Reply(status: response.status.code, headers: response.headers, text: String(buffer: response.body))
    }
}
