import ArgumentParser

/// `tandem site`: run a site, look at one.
struct SiteCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site",
        abstract: "Run a site's node, or ask a running one how it does.",
        subcommands: [SiteRunCommand.self, SiteStatusCommand.self, SiteReadyCommand.self, SiteLinkCommand.self]
    )
}
