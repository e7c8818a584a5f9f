import ArgumentParser

extension ClusterCommands {
    /// `tandem cluster suspend`.
    struct Suspend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Go on without a site that is silent, until it is activated.",
            discussion: """
                The others no longer keep changes in their logs for it, and 'majority' is counted without it. When it \
                returns it hands over its own changes, takes in a snapshot and is activated.

                Examples:
                  TANDEM_PASSWORD=… tandem cluster suspend south
                  TANDEM_PASSWORD=… tandem cluster suspend south --force --yes
                """
        )

        @OptionGroup var decision: DecisionOptions
        @OptionGroup var force: ForceOptions

        func run() async throws {
            try await decision.carryOut(
                "suspend",
                force: force,
                risk: "If the site serves after all, cut off from here, its side may decide otherwise.",
                follows: "It does not count until 'tandem cluster activate'. What only it had stays with it: "
                    + "keep its disk until it has been back."
            )
        }
    }

    /// `tandem cluster retire`.
    struct Retire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a site leave the cluster for good; its name is never used again.",
            discussion: """
                Drain it first, or suspend it when it is lost. What it never sent to another site is gone with it.

                Example: TANDEM_PASSWORD=… tandem cluster drain west && tandem cluster retire west
                """
        )

        @OptionGroup var decision: DecisionOptions
        @OptionGroup var force: ForceOptions

        func run() async throws {
            try await decision.carryOut(
                "retire",
                force: force,
                risk: "A retired site never returns. What it has not sent to another site is lost with it.",
                follows: "Its links are closed. Revoke its certificate ('tandem pki revoke') and take it out of the "
                    + "other sites' configurations."
            )
        }
    }
}

/// What a decision is about, and how it is told.
struct DecisionOptions: ParsableArguments {
    @Argument(help: "The site's id.")
    var site: String
    @Flag(help: "Print the decision as JSON.")
    var json = false
    @OptionGroup var api: APIOptions

    /// Asks for the decision and says what became of it and what follows.
    func carryOut(_ change: String, force: ForceOptions? = nil, risk: String, follows: String) async throws {
        try await reporting {
            let isForced = try force?.isConfirmed(site, change, risk: risk) ?? false
            let client = try await api.client()
            let body = DecisionWish(site: site, change: change, forced: isForced)
            let answer = try await client.ask("POST", "/api/v1/cluster/decisions", body, at: api.url)
            if json { return Terminal.say(String(decoding: answer, as: UTF8.self)) }
            let decision = try answer.read(ClusterAnswer.Decision.self)
            let forced = decision.forced ? " (forced)" : ""
            Terminal.say("Decision \(decision.number)\(forced): \(decision.text). \(follows)")
        }
    }

    private struct DecisionWish: Encodable, Sendable {
        var site: String
        var change: String
        var forced: Bool
    }
}

/// The operator's word that silent sites are gone.
struct ForceOptions: ParsableArguments {
    @Flag(help: "Decide at this one site when no majority answers. Read the risk that it names.")
    var force = false
    @Flag(help: "Do not ask for a confirmation.")
    var yes = false

    /// Explains the risk and asks, where force is wanted.
    ///
    /// Throws when it was not confirmed.
    func isConfirmed(_ site: String, _ change: String, risk: String) throws -> Bool {
        guard force, !yes else { return force }
        Terminal.error(
            """
            To \(change) \(site) by force means: this one site decides, without a majority of the others, on your word \
            that those which are silent are really gone. \(risk)
            Two sides that both force may decide differently; then only one side's decisions stand when they meet, and \
            the others are void, with an alarm.
            Type the name of the site to go on:
            """
        )
        guard readLine(strippingNewline: true) == site else {
            throw CommandFailure(code: .failed, message: "Nothing was done. (--yes goes on without asking.)")
        }
        return true
    }
}
