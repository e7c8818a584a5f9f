import ContactCenter
import Foundation
import Kernel
import Logging
import SiteCore
import Store
import Transport
import WebAPI

/// Records that a site owes the cluster: its name and zone, the public half of its token key, and, on a new
/// cluster, the first administrator.
struct FirstStart {
    let core: CoreHandle
    let reader: SiteReader
    let configuration: SiteConfiguration
    let logger: Logger

    /// Writes what is missing or has changed.
    func run(tokenKey: TokenKey) async throws {
        var edits: [DocumentEdit] = []
        let site = configuration.site
        let siteDocument = try await reader.document(DocumentID(type: Schema.site, key: site.name))
        edits.append(
            try StaffEdit.put(site, name: configuration.siteName, zone: configuration.zone, over: siteDocument)
        )
        let keyDocument = try await reader.document(DocumentID(type: Schema.siteKey, key: site.name))
        edits.append(try StaffEdit.put(SiteKey(site: site, publicKey: tokenKey.publicPEM), over: keyDocument))
        var announced: String?
        if let login = configuration.firstAdministrator, try await reader.documents(of: Schema.account).isEmpty {
            let given = ProcessInfo.processInfo.environment["TANDEM_ADMIN_PASSWORD"].flatMap { $0.isEmpty ? nil : $0 }
            let password = given ?? Self.newPassword()
            announced = given == nil ? password : nil
            edits.append(try administrator(login, password: password))
        }
        edits.removeAll { $0.changes.isEmpty }
        guard !edits.isEmpty else { return }
        switch try await core.perform(.edit([EditRequest(actor: .system, edits: edits)])) {
        case .edited(let receipts):
            if let refusal = receipts.first?.refusal { throw GatewayError(refusal) }
        case .refused(let refusal): throw GatewayError(refusal)
        case .done, .records, .blob, .recording, .opened: break
        }
        if let announced, let login = configuration.firstAdministrator {
            // Shown once on the terminal of whoever starts the cluster, never in the log.
            FileHandle.standardOutput.write(
                Data("First administrator: \(login)   password: \(announced)   (shown only this once)\n".utf8)
            )
        }
    }

    private func administrator(_ login: String, password: String) throws -> DocumentEdit {
        var change = StaffEdit.AccountChange()
        change.name = "Administrator"
        change.role = .administrator
        change.passwordHash = try PasswordHash.make(password, cost: .forThisBuild).text
        change.isActive = true
        return try StaffEdit.put(AccountID(login), change)
    }

    private static func newPassword() -> String {
        let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
        var random = SystemRandomNumberGenerator()
        return (0..<4).map { _ in String((0..<5).map { _ in letters.randomElement(using: &random) ?? "x" }) }
            .joined(separator: "-")
    }
}

extension PasswordHash.Cost {
    /// The standard cost; a debug build, whose scrypt is ten times slower and which guards no real password, makes
    /// do with less.
    static var forThisBuild: PasswordHash.Cost {
        #if DEBUG
        PasswordHash.Cost(roundsLog2: 10, blockSize: 8, parallelism: 1)
        #else
        .standard
        #endif
    }
}
