import ArgumentParser
import Foundation
import Kernel
import Logging
import Site

/// `tandem site run`.
struct SiteRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run one site's node until it is asked to stop.",
        discussion: """
            SIGTERM or Ctrl-C stops it gracefully: it takes no new calls, tells the other sites, lets the calls at \
            hand end (site.drainSeconds), and closes. Log lines go to standard error.

            Examples:
              tandem site run --config cluster-config/north.yaml
              TANDEM_SIP_PORT=5070 tandem site run --config cluster-config/north.yaml
              tandem site run --config cluster-config/north.yaml --check
            """
    )

    @Option(help: "The site's YAML file.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String
    @Flag(help: "Only check the configuration.")
    var check = false

    func run() async throws {
        try await reporting {
            let configuration: SiteConfiguration
            do {
                configuration = try SiteConfiguration.load(path: config)
            } catch let error as ConfigurationError {
                throw CommandFailure(code: .configuration, message: error.description)
            }
            if check {
                return Terminal.say("\(config) is good: site \(configuration.site) of \(configuration.cluster).")
            }
            let level = Logger.Level(rawValue: configuration.logLevel) ?? .info
            let logger = Logger(label: "tandem") { _ in
                LineLogHandler(site: configuration.site.name, level: level)
            }
            defer { LineLogHandler.flush() }
            do {
                try await SiteNode(configuration, logger: logger).run()
            } catch let failure as CommandFailure {
                throw failure
            } catch {
                throw CommandFailure(code: .failed, message: "The site cannot run: \(error)")
            }
        }
    }
}
