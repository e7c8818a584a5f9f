import ArgumentParser

/// The one executable: everything is a subcommand.
@main
struct Tandem: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tandem",
        abstract: "A distributed contact centre: one node a site, one contact centre together.",
        discussion: """
            Exit codes: 0 done; 1 it could not be done, and the message says why; 64 the command line is wrong; \
            65 the data given is wrong; 78 the configuration is wrong.

            Shell completion: tandem --generate-completion-script bash > /etc/bash_completion.d/tandem
            """,
        version: "0.1.0",
        subcommands: [
            SiteCommands.self, ClusterCommands.self, PKICommands.self, ImportCommands.self, LoadCommand.self,
            PlanCommand.self, ExplainCommand.self, SimulateCommand.self, MixerCommand.self,
        ]
    )
}
