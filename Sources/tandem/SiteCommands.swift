import ArgumentParser

/// `tandem site`: run a site, look at one, look after its records.
struct SiteCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site",
        abstract: "Run a site's node, ask a running one how it does, look after its records.",
        subcommands: [
            SiteRunCommand.self, SiteStatusCommand.self, SiteReadyCommand.self, SiteLinkCommand.self,
            SiteConflictsCommand.self, SiteLostFoundCommand.self, SiteVerifyCommand.self, SiteBackupCommand.self,
            SiteRestoreCommand.self,
        ]
    )
}
