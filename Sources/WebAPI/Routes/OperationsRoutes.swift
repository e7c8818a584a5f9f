import ContactCenter
import HTTPTypes
import Kernel

/// Checks of the disk and backups.
struct OperationsRoutes: Sendable {
    let gateway: any SiteGateway

    func add(to router: EndpointRouter) {
        router.on(.verification) { _ in try .json(try await gateway.verification()) }
        router.on(.startVerification) { call in
            try call.expectNoFields()
            return try .json(try await gateway.startVerification(by: call.session.actor), status: .accepted)
        }
        router.on(.backups) { _ in try .json(try await gateway.backups()) }
        router.on(.startBackup) { call in
            let name = try Self.name(call)
            return try .json(try await gateway.startBackup(named: name, by: call.session.actor), status: .accepted)
        }
    }

    /// The name asked for: never a path, so that nobody on the network chooses where the site writes.
    private static func name(_ call: Call) throws -> String? {
        guard !call.body.isEmpty else { return nil }
        var fields = try call.fields()
        let name = fields.line("name", max: Limits.backupNameBytesMax).value
        if let name, !isUsable(name) {
            fields.fail("name", "must be of lower-case letters, digits and hyphens, a letter or digit first")
        }
        try fields.finish()
        return name
    }

    private static func isUsable(_ name: String) -> Bool {
        name.first != "-"
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
    }
}
