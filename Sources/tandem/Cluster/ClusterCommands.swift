import ArgumentParser

/// `tandem cluster`: who belongs to the cluster.
struct ClusterCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Look at the sites of a cluster, and decide who belongs to it.",
        discussion: """
            Who belongs is decided by numbered decisions, each by a majority of all sites that are not retired. So two \
            halves of a cluster never decide against each other.

            A site that was lost for good:   tandem cluster suspend SITE, then tandem cluster retire SITE
            A site that is taken down:       tandem cluster drain SITE, later activate or retire
            A new site:                      tandem cluster add SITE, then start it with cluster.join: true
            """,
        subcommands: [Members.self, Add.self, Drain.self, Activate.self, Suspend.self, Retire.self],
        defaultSubcommand: Members.self
    )

    /// `tandem cluster members`.
    struct Members: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the sites: state, link, what each lacks, clocks, decisions.",
            discussion: """
                Examples:
                  TANDEM_PASSWORD=… tandem cluster members --url http://127.0.0.1:8081
                  TANDEM_PASSWORD=… tandem cluster members --json | jq '.members[] | select(.opsMissing > 0)'
                """
        )

        @Flag(help: "Print the answer as JSON.")
        var json = false
        @OptionGroup var api: APIOptions

        func run() async throws {
            try await reporting {
                let answer = try await api.client().ask("GET", "/api/v1/cluster", at: api.url)
                if json { return Terminal.say(String(decoding: answer, as: UTF8.self)) }
                Terminal.say(try answer.read(ClusterAnswer.self).text)
            }
        }
    }

    /// `tandem cluster add`.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a new site into the cluster.",
            discussion: """
                Then issue its certificate ('tandem pki issue'), name the other sites in its configuration with \
                cluster.join: true, name it in theirs, and start it: it takes in a snapshot while all serve.

                Example: TANDEM_PASSWORD=… tandem cluster add west
                """
        )

        @OptionGroup var decision: DecisionOptions

        func run() async throws {
            try await decision.carryOut(
                "add",
                risk: "",
                follows: "Start it with cluster.join: true; it takes in a snapshot from the others while they serve."
            )
        }
    }

    /// `tandem cluster drain`.
    struct Drain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a site finish what it has and take no new contacts.",
            discussion: "Example: TANDEM_PASSWORD=… tandem cluster drain south"
        )

        @OptionGroup var decision: DecisionOptions

        func run() async throws {
            try await decision.carryOut(
                "drain",
                risk: "",
                follows: "It takes no new contacts and can be stopped when its last one has ended; "
                    + "'tandem cluster activate' takes it back."
            )
        }
    }

    /// `tandem cluster activate`.
    struct Activate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a draining or suspended site active again.",
            discussion: "Example: TANDEM_PASSWORD=… tandem cluster activate south"
        )

        @OptionGroup var decision: DecisionOptions

        func run() async throws {
            try await decision.carryOut(
                "activate",
                risk: "",
                follows: "It counts again: changes are kept in the logs until it has them, and it takes contacts."
            )
        }
    }
}
