import HTTPTypes
import Kernel

/// One thing that the server can be asked: a method, a path and who may.
struct Endpoint: Hashable, Sendable {
    var method: HTTPRequest.Method
    /// The path, with its variables in braces: `/api/v1/tickets/{id}`.
    var path: String
    var access: Access
    /// How many bytes a body may have.
    var bodyBytesMax: Int

    init(_ method: HTTPRequest.Method, _ path: String, _ access: Access, bodyBytesMax: Int = Limits.jsonBodyBytesMax) {
        self.method = method
        self.path = path
        self.access = access
        self.bodyBytesMax = bodyBytesMax
    }

    /// True when a request's path is one of this endpoint's.
    func matches(path requested: String) -> Bool {
        let wanted = path.split(separator: "/")
        let given = requested.split(separator: "/")
        if wanted.last == "**" { return given.count >= wanted.count && given.starts(with: wanted.dropLast()) }
        return wanted.count == given.count
            && zip(wanted, given).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}
