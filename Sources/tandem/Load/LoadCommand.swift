import ArgumentParser
import Foundation
import Kernel
import Simulation
import Site

/// `tandem load`.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Let callers dial and agents work at running sites, as real SIP user agents.",
        discussion: """
            Makes queues (support 1000, sales 2000) and agents SITE-1, SITE-2 … at each site through the API, \
            registers their phones, signs them in, and dials. The administrator's password comes from \
            TANDEM_PASSWORD; the agents get the same unless TANDEM_AGENT_PASSWORD says otherwise. Only for clusters \
            that may be played with.

            Examples:
              tandem load --config cluster-config/north.yaml --agents 5 --rate 0.5 --duration 120
              tandem load --config cluster-config/north.yaml --config cluster-config/east.yaml \\
                --talk 5..30 --patience 40 --answer-after 1..4 --until-stopped
            """
    )

    @Option(help: "A site's YAML file; repeat for several sites.", completion: .file(extensions: ["yaml", "yml"]))
    var config: [String]
    @Option(help: "Agents at each site.")
    var agents = 3
    @Option(help: "Calls a second, all sites together; they come by chance (Poisson).")
    var rate = 0.5
    @Option(help: "How long calls last, in seconds: a range, or a mean.")
    var talk = "5..20"
    @Option(help: "How long callers wait, in seconds: a range, or a mean.")
    var patience = "60"
    @Option(help: "How long phones ring before they are answered, in seconds: a range.")
    var answerAfter = "1..4"
    @Option(help: "Share of calls that the agent's side ends, in percent.")
    var agentEnds: UInt64 = 20
    @Option(help: "Share of calls that ring and are not answered, in percent.")
    var ignored: UInt64 = 2
    @Option(help: "A number to dial; repeat for several. Default: 1000 and 2000.")
    var dial: [String] = []
    @Option(help: "CSV file with a column 'phone' of callers' numbers.", completion: .file(extensions: ["csv"]))
    var numbersFrom: String?
    @Option(help: "For how many seconds new calls come.")
    var duration: Int64 = 60
    @Flag(help: "Go on until Ctrl-C.")
    var untilStopped = false
    @Flag(help: "Only make queues, agents and accounts.")
    var prepareOnly = false
    @Flag(help: "Print the final figures as JSON.")
    var json = false

    func validate() throws {
        guard !config.isEmpty else { throw ValidationError("Name at least one site with --config.") }
        guard (0...1_000).contains(agents) else { throw ValidationError("--agents must be 0 to 1000.") }
        guard rate >= 0, rate <= 5_000 else { throw ValidationError("--rate must be 0 to 5000.") }
        guard agentEnds <= 100, ignored <= 100 else { throw ValidationError("Percentages are 0 to 100.") }
        for text in [talk, patience, answerAfter] where SecondsRange(text) == nil {
            throw ValidationError("'\(text)' is no time; write seconds (10) or a range (5..20).")
        }
    }

    func run() async throws {
        try await reporting {
            do {
                try await work()
            } catch let problem as APIProblem {
                throw CommandFailure(code: .failed, message: "The site refused: \(problem)")
            }
        }
    }

    private func work() async throws {
        let sites = try config.map { path in
            do {
                return LoadSite(try SiteConfiguration.load(path: path))
            } catch let error as ConfigurationError {
                throw CommandFailure(code: .configuration, message: error.description)
            }
        }
        let passwords = try Passwords()
        try await LoadPreparation(sites: sites, agents: agents, passwords: passwords).run()
        if prepareOnly { return Terminal.say("Queues support (1000) and sales (2000), \(agents) agents a site.") }
        let driver = LoadDriver(sites: sites, agents: agents, passwords: passwords)
        let figures = try await driver.run(try plan(sites, passwords), seconds: untilStopped ? nil : duration)
        if json { return try Terminal.json(LoadResult(figures)) }
        Terminal.say(LoadResult(figures).text)
        if figures.failed > 0 { throw ExitCode(CommandFailure.Code.failed.rawValue) }
    }

    private func plan(_ sites: [LoadSite], _ passwords: Passwords) throws -> LoadPlan {
        let media = SIPAddressText.media
        var plan = LoadPlan(
            rate: rate,
            targets: sites.map(\.sip),
            dialled: dial.isEmpty ? ["1000", "2000"] : dial,
            callers: try numbersFrom.map { try CallerNumbers.read($0) } ?? ["+493000000001"],
            media: media
        )
        plan.talk = SecondsRange(talk)?.chance ?? plan.talk
        plan.patience = SecondsRange(patience)?.chance ?? plan.patience
        plan.callerHangsUpPercent = 100 - agentEnds
        plan.duration = untilStopped ? nil : .seconds(duration)
        plan.habits.answerAfter = SecondsRange(answerAfter)?.milliseconds ?? plan.habits.answerAfter
        plan.habits.ignoredPercent = ignored
        if agentEnds > 0 { plan.habits.hangUpAfter = SecondsRange(talk)?.milliseconds }
        plan.habits.registrationTime = .seconds(60)
        plan.phones = sites.flatMap { site in
            site.agentNames(agents).map { name in
                .init(user: name, password: passwords.agent, registrar: site.sip, media: media)
            }
        }
        return plan
    }
}

/// The passwords of a load run, from the environment.
struct Passwords: Sendable {
    let login: String
    let administrator: String
    let agent: String

    init() throws {
        let environment = ProcessInfo.processInfo.environment
        guard let given = environment["TANDEM_PASSWORD"] else {
            throw CommandFailure(code: .failed, message: "No password: set TANDEM_PASSWORD to the administrator's.")
        }
        login = environment["TANDEM_LOGIN"] ?? "admin"
        administrator = given
        agent = environment["TANDEM_AGENT_PASSWORD"] ?? given
    }
}
