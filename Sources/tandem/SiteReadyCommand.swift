import ArgumentParser

/// `tandem site ready`.
struct SiteReadyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ready",
        abstract: "Say whether a site serves; for scripts and probes. Needs no account.",
        discussion: "Example: until tandem site ready --url http://127.0.0.1:8081; do sleep 1; done"
    )

    @Option(help: "Address of the site's pages.")
    var url = "http://127.0.0.1:8081"

    func run() async throws {
        try await reporting {
            do {
                _ = try await APIClient(url: url).send("GET", "/readyz")
            } catch let problem as APIProblem {
                throw CommandFailure(code: .failed, message: "\(url) is not ready: \(problem)")
            }
            Terminal.say("\(url) is ready.")
        }
    }
}
