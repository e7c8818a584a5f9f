import Crypto
import Foundation

/// The key with which this site signs desks' tokens; its public half is a record that all sites share.
struct TokenKey {
    private let key: P256.Signing.PrivateKey

    /// The private half (PEM); never leaves this process.
    var privatePEM: String { key.pemRepresentation }

    /// The public half (PEM).
    var publicPEM: String { key.publicKey.pemRepresentation }

    /// Reads `token-key.pem` in the site's data directory, or makes it at the first start.
    static func open(directory: String) throws -> TokenKey {
        let files = PEMDirectory(path: directory)
        let path = (directory as NSString).appendingPathComponent(file)
        if FileManager.default.fileExists(atPath: path) {
            do {
                return TokenKey(key: try P256.Signing.PrivateKey(pemRepresentation: try files.read(file)))
            } catch let error as PKIError {
                throw error
            } catch {
                throw PKIError(
                    code: .invalid,
                    message: "\(path) is no key; restore it, or remove it: then everybody signs in once more"
                )
            }
        }
        let key = P256.Signing.PrivateKey()
        try files.write(file, key.pemRepresentation, secret: true)
        return TokenKey(key: key)
    }

    private static let file = "token-key.pem"
}
