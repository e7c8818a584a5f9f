import ArgumentParser
import Foundation
import Kernel
import Site

/// `tandem pki`: the cluster's own certificate authority.
struct PKICommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pki",
        abstract: "Make, inspect and revoke the cluster's authority and the sites' certificates.",
        subcommands: [Initialise.self, Issue.self, Revoke.self, Inspect.self]
    )

    /// `tandem pki init`.
    struct Initialise: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "init",
            abstract: "Make a new authority for a cluster.",
            discussion: """
                Writes authority.pem, which every site needs, and authority-key.pem, which only you need: keep it \
                off the sites. Nothing is ever overwritten.

                Example: tandem pki init --cluster demo --directory var/pki
                """
        )

        @Option(help: "The cluster's id, as in the configuration's cluster.id.")
        var cluster: String
        @Option(help: "Directory to write to; made when it is not there.", completion: .directory)
        var directory = "pki"
        @Flag(help: "Print what was made as JSON.")
        var json = false

        func run() async throws {
            try await reporting {
                try pkiErrors {
                    _ = try CertificateAuthority.create(cluster: cluster, directory: directory, now: Date())
                }
                let made = Made(
                    certificate: "\(directory)/authority.pem",
                    key: "\(directory)/authority-key.pem",
                    validDays: CertificateAuthority.authorityDays
                )
                if json { return try Terminal.json(made) }
                Terminal.say(
                    """
                    Made the authority of cluster '\(cluster)', valid for \(made.validDays) days.
                      \(made.certificate)  copy it to every site
                      \(made.key)  keep it safe and away from the sites
                    Next: tandem pki issue SITE --directory \(directory)
                    """
                )
            }
        }
    }

    /// `tandem pki issue`.
    struct Issue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign a certificate for one or more sites.",
            discussion: """
                Writes SITE.pem and SITE-key.pem. The certificate names the site as tandem://CLUSTER/SITE; peers \
                accept it for that site only.

                Example: tandem pki issue north east south --directory var/pki --host 127.0.0.1
                """
        )

        @Argument(help: "The sites' ids, as in the configuration's site.id.")
        var sites: [String]
        @Option(help: "Directory of the authority; the certificates are written there too.", completion: .directory)
        var directory = "pki"
        @Option(help: "A host name or address to add; repeat for several.")
        var host: [String] = []
        @Option(help: "How many days the certificates are valid.")
        var days = CertificateAuthority.siteDays
        @Flag(help: "Replace certificates and keys that are there already.")
        var replace = false
        @Flag(help: "Print what was made as JSON.")
        var json = false

        func validate() throws {
            guard !sites.isEmpty else { throw ValidationError("Name at least one site.") }
            guard (1...3_650).contains(days) else { throw ValidationError("--days must be 1 to 3650.") }
            for site in sites where SiteID(site) == nil {
                throw ValidationError(
                    "'\(site)' cannot name a site; use 1 to 32 lower-case letters, digits and hyphens, letter first."
                )
            }
        }

        func run() async throws {
            try await reporting {
                var made: [Made] = []
                try pkiErrors {
                    let authority = try CertificateAuthority.open(directory: directory)
                    for site in sites.compactMap(SiteID.init) {
                        try authority.issue(
                            site: site,
                            hosts: host,
                            directory: directory,
                            days: days,
                            replace: replace,
                            now: Date()
                        )
                        made.append(
                            Made(
                                certificate: "\(directory)/\(site).pem",
                                key: "\(directory)/\(site)-key.pem",
                                validDays: days
                            )
                        )
                    }
                }
                if json { return try Terminal.json(made) }
                for entry in made {
                    Terminal.say("Made \(entry.certificate) and \(entry.key), valid for \(days) days.")
                }
            }
        }
    }

    /// What a command made, for `--json`.
    private struct Made: Encodable {
        var certificate: String
        var key: String
        var validDays: Int
    }

    /// Runs what may fail with a `PKIError` and gives the command the right exit code.
    static func pkiErrors<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as PKIError {
            throw CommandFailure(code: error.code == .invalid ? .data : .failed, message: error.message)
        }
    }
}
