package import Kernel
package import Replication

/// What one site node is told by its file and environment.
package struct SiteConfiguration: Sendable {
    /// An address to listen on.
    package struct Endpoint: Hashable, Sendable {
        /// Numeric address or host name.
        package var host: String
        /// Port; 0 lets the system choose.
        package var port: Int
    }

    /// Another site of the cluster.
    package struct Peer: Hashable, Sendable {
        /// Its id.
        package var site: SiteID
        /// Where its mesh port is.
        package var mesh: Endpoint
        /// Where browsers reach its pages, for desktops that must move there.
        package var url: String
    }

    /// This site's id.
    package var site: SiteID
    /// Its name for people.
    package var siteName: String
    /// Its time zone, as in the IANA database.
    package var zone: String
    /// The cluster's id; nodes of other clusters are refused.
    package var cluster: String
    /// True when this site was added to a cluster that exists: it learns from the others who belongs.
    package var isNewcomer: Bool
    /// Directory of the database and the site's own key.
    package var dataDirectory: String
    /// Directory of online backups.
    package var backupsDirectory: String
    /// How long ops stay in the log after every counted site has them.
    package var logRetention: Span
    /// How long a callback waits for an agent before it is given up.
    package var callbackExpiry: Span
    /// Where pages and API are served.
    package var http: Endpoint
    /// How browsers reach them.
    package var publicURL: String
    /// Directory of the pages; nil uses those that were built in.
    package var pagesDirectory: String?
    /// Where other sites connect.
    package var mesh: Endpoint
    /// PEM file of the cluster's authority.
    package var authorityFile: String
    /// PEM file of this site's certificate.
    package var certificateFile: String
    /// PEM file of this site's private key.
    package var keyFile: String
    /// File that lists revoked certificates; nil when there is none.
    package var revokedFile: String?
    /// The other sites.
    package var peers: [Peer]
    /// Where phones and trunks send SIP, over UDP and TCP.
    package var sip: Endpoint
    /// The address written into SIP messages; the one that phones can reach.
    package var sipAdvertisedHost: String
    /// Digest realm of the agents' phones; the same at every site, or stored digests do not fit.
    package var sipRealm: String
    /// Further SIP ports, certificates, trunks and bounds.
    package var telephone: TelephoneConfiguration
    /// Media relays, announcements and recordings.
    package var media: MediaConfiguration
    /// For which kind of lines failures are told.
    package var failureProfile: DetectorBounds.Profile
    /// Heartbeats missing for this long make a site suspect.
    package var suspectAfter: Span
    /// Heartbeats missing for this long make a site unreachable.
    package var unreachableAfter: Span
    /// How long a stop waits for the calls at hand.
    package var drainSeconds: Int
    /// Lowest level of log lines that are written.
    package var logLevel: String
    /// Login of the administrator who is made when the database has no account; nil makes none.
    package var firstAdministrator: String?
}
