package import Kernel

/// What the web server must be told.
package struct WebServerConfiguration: Sendable {
    /// The address to listen on.
    package var host: String
    /// The port; 0 takes a free one.
    package var port: Int
    /// The serving site.
    package var site: SiteID
    /// Counts the starts of the site; part of every event's id.
    package var incarnation: UInt64
    /// The private key for tokens: P-256 in PEM.
    package var tokenKeyPEM: String
    /// Where all sites' pages are (`https://east.example:8443`): desks from there may call this site, and the pages
    /// of this site may call them.
    package var siteURLs: [String]
    /// The folder of the pages; nil takes the one that came with the program.
    package var pagesDirectory: String?
    /// Threads for HTTP; few, so that a storm of browsers leaves processor time to calls.
    package var threads: Int
    /// The work that a new password's hash costs.
    package var passwordCost: PasswordHash.Cost
    /// The clocks.
    package var clock: WebClock

    /// Takes what has no sensible default; the rest can be set afterwards.
    package init(host: String, port: Int, site: SiteID, incarnation: UInt64, tokenKeyPEM: String) {
        self.host = host
        self.port = port
        self.site = site
        self.incarnation = incarnation
        self.tokenKeyPEM = tokenKeyPEM
        siteURLs = []
        pagesDirectory = nil
        threads = 2
        passwordCost = .standard
        clock = .system
    }

    /// The origins (scheme, host, port) of the sites' addresses; what is not an http address is left out.
    var origins: [String] {
        siteURLs.compactMap { url in
            let parts = url.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count >= 3, parts[0] == "http:" || parts[0] == "https:", parts[1].isEmpty, !parts[2].isEmpty,
                parts[2].utf8.allSatisfy({
                    $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ";") && $0 != 0x27 && $0 != 0x2C
                })
            else { return nil }
            return "\(parts[0])//\(parts[2])"
        }
    }
}

/// Why the web server cannot run.
package enum WebServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Somebody else listens there.
    case portInUse(host: String, port: Int)
    /// The address cannot be listened on.
    case cannotListen(host: String, port: Int, reason: String)
    /// The key for tokens cannot be read.
    case badTokenKey
    /// The pages are not where they should be.
    case pagesMissing(looked: [String])
    /// The pages are more than a page server should hold.
    case pagesTooLarge(directory: String)

    /// For people: what is wrong and what to do.
    package var description: String {
        switch self {
        case .portInUse(let host, let port):
            "Port \(port) on \(host) is in use by another program. Stop it, or choose another HTTP port."
        case .cannotListen(let host, let port, let reason):
            "Cannot listen for HTTP on \(host) port \(port): \(reason)."
        case .badTokenKey:
            "The key for session tokens is not a P-256 private key in PEM."
        case .pagesMissing(let looked):
            "The pages are not in \(looked.joined(separator: ", ")). Name their folder in the configuration."
        case .pagesTooLarge(let directory):
            "The pages in \(directory) are larger than \(Limits.pagesBytesMax) bytes together."
        }
    }
}
