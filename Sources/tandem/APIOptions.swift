import ArgumentParser
import Foundation

/// The options of every command that talks to a running site.
struct APIOptions: ParsableArguments {
    @Option(help: "Address of the site's pages.")
    var url = "http://127.0.0.1:8081"
    @Option(help: "Account to sign in with; default: TANDEM_LOGIN, or admin.")
    var login: String?
    @Option(help: "File that holds the password; default: the variable TANDEM_PASSWORD.", completion: .file())
    var passwordFile: String?

    /// A client that has signed in.
    ///
    /// Passwords come from a file or the environment, never from the command line,
    /// which other users of the machine can read.
    func client() async throws -> APIClient {
        let environment = ProcessInfo.processInfo.environment
        let password: String
        if let passwordFile {
            guard let data = FileManager.default.contents(atPath: passwordFile) else {
                throw CommandFailure(code: .failed, message: "\(passwordFile) cannot be read")
            }
            password = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
        } else if let given = environment["TANDEM_PASSWORD"] {
            password = given
        } else {
            throw CommandFailure(
                code: .failed,
                message: "No password: set TANDEM_PASSWORD, or name a file with --password-file."
            )
        }
        let account = login ?? environment["TANDEM_LOGIN"] ?? "admin"
        do {
            return try await APIClient(url: url).signedIn(login: account, password: password)
        } catch let problem as APIProblem {
            throw CommandFailure(code: .failed, message: "\(url) refused the sign-in of '\(account)': \(problem)")
        }
    }
}
