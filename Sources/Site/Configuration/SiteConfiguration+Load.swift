import Foundation
import Kernel
import Replication
import Yams

extension SiteConfiguration {
    /// Reads a site's YAML file; `environment` overrides single keys (`sip.port` by `TANDEM_SIP_PORT`).
    ///
    /// Paths in the file are relative to the file. Throws `ConfigurationError` with every problem and its line.
    package static func load(
        path: String,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> SiteConfiguration {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(problems: [
                .init(source: path, line: nil, message: "cannot be read; does it exist, and may this user read it?")
            ])
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw ConfigurationError(problems: [.init(source: path, line: nil, message: "is not UTF-8 text")])
        }
        return try parse(text, file: path, environment: environment)
    }

    /// Reads the text of a site's YAML file; `file` names it in problems and is the base of relative paths.
    package static func parse(
        _ text: String,
        file: String,
        environment: [String: String]
    ) throws -> SiteConfiguration {
        let problems = ConfigurationReader.Problems()
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw ConfigurationError(problems: [yamlProblem(error, file: file)])
        }
        let reader = ConfigurationReader(
            file: file,
            path: [],
            node: root,
            environment: environment,
            problems: problems
        )
        let configuration = read(reader, base: (file as NSString).deletingLastPathComponent)
        reader.finish()
        guard problems.found.isEmpty, let configuration else {
            throw ConfigurationError(problems: problems.found.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
        }
        return configuration
    }

    private static func yamlProblem(_ error: YamlError, file: String) -> ConfigurationProblem {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            .init(source: file, line: mark.line, message: "is not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            .init(
                source: file,
                line: context.mark.line,
                message: "has keys twice: \(duplicates.map { "'\($0)'" }.joined(separator: ", ")); keep one of each"
            )
        default:
            .init(source: file, line: nil, message: "is not valid YAML: \(error)")
        }
    }

    private static func read(_ root: ConfigurationReader, base: String) -> SiteConfiguration? {
        let site = root.section("site"), cluster = root.section("cluster")
        let http = root.section("http"), mesh = root.section("mesh"), sip = root.section("sip")
        let log = root.section("log"), failure = root.section("failureDetection")
        let records = root.section("records"), backups = root.section("backups"), routing = root.section("routing")
        let outbound = root.section("outbound"), media = root.section("media")
        defer {
            for section in [site, cluster, http, mesh, sip, log, failure, records, backups, routing, outbound, media] {
                section.finish()
            }
        }

        let id = siteID(site, "id")
        let httpEndpoint = endpoint(http), meshEndpoint = endpoint(mesh), sipEndpoint = endpoint(sip)
        let peers = mesh.list("peers").compactMap { readPeer($0) }
        if let id, peers.contains(where: { $0.site == id }) {
            mesh.reject("peers", "name this site itself; list only the others")
        }
        if Set(peers.map(\.site)).count != peers.count {
            mesh.reject("peers", "name a site twice")
        }
        let (profile, bounds) = readBounds(failure)
        func path(_ text: String) -> String { resolve(text, base: base) }
        let data = root.string("data")
        let retention = hours(records, "logRetentionHours", 0...Limits.logRetentionHoursMax, Limits.logRetention)
        let expiry = hours(routing, "callbackExpiryHours", 1...Limits.callbackExpiryHoursMax, Limits.callbackExpiry)
        let configuration = SiteConfiguration(
            site: id ?? unnamedSite,
            siteName: site.string("name", default: id?.name ?? ""),
            zone: zone(site),
            cluster: cluster.string("id"),
            isNewcomer: cluster.choice("join", of: ["true", "false"], default: "false") == "true",
            dataDirectory: path(data),
            backupsDirectory: backups.optionalString("folder").map(path) ?? path(data) + "/backups",
            logRetention: retention,
            callbackExpiry: expiry,
            http: httpEndpoint,
            publicURL: http.string("publicURL", default: "http://\(httpEndpoint.host):\(httpEndpoint.port)"),
            pagesDirectory: http.optionalString("pages").map(path),
            mesh: meshEndpoint,
            authorityFile: path(mesh.string("authority")),
            certificateFile: path(mesh.string("certificate")),
            keyFile: path(mesh.string("key")),
            revokedFile: mesh.optionalString("revoked").map(path),
            peers: peers,
            sip: sipEndpoint,
            sipAdvertisedHost: sip.string("advertise", default: sipEndpoint.host),
            sipRealm: sip.string("realm", default: "tandem"),
            telephone: telephone(sip, outbound: outbound, path: path),
            media: .read(media, data: path(data), path: path),
            failureProfile: profile,
            suspectAfter: bounds.suspectAfter,
            unreachableAfter: bounds.unreachableAfter,
            drainSeconds: site.integer(
                "drainSeconds",
                in: 0...Limits.drainSecondsMax,
                default: Limits.drainSecondsDefault
            ),
            logLevel: log.choice("level", of: logLevels, default: "info"),
            firstAdministrator: site.optionalString("firstAdministrator")
        )
        return id == nil ? nil : configuration
    }

    private static func hours(
        _ section: ConfigurationReader,
        _ key: String,
        _ range: ClosedRange<Int>,
        _ usual: Span
    ) -> Span {
        .minutes(60) * Int64(section.integer(key, in: range, default: Int(usual.milliseconds / 3_600_000)))
    }

    /// The profile of failure detection, and its bounds with what the file says of them.
    private static func readBounds(_ failure: ConfigurationReader) -> (DetectorBounds.Profile, DetectorBounds) {
        let profiles = DetectorBounds.Profile.allCases.map(\.rawValue)
        let profile = DetectorBounds.Profile(rawValue: failure.choice("profile", of: profiles, default: "lan")) ?? .lan
        var bounds = DetectorBounds(profile)
        let suspect = failure.integer(
            "suspectAfterMs",
            in: 500...60_000,
            default: Int(bounds.suspectAfter.milliseconds)
        )
        let unreachable = failure.integer(
            "unreachableAfterMs",
            in: 1_000...120_000,
            default: Int(bounds.unreachableAfter.milliseconds)
        )
        if unreachable <= suspect {
            failure.reject("unreachableAfterMs", "must be longer than suspectAfterMs (\(suspect))")
        }
        bounds.suspectAfter = .milliseconds(Int64(suspect))
        bounds.unreachableAfter = .milliseconds(Int64(unreachable))
        return (profile, bounds)
    }

    private static let logLevels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]

    /// Stands in while the rest of a file with a bad id is still checked; never leaves `parse`.
    private static let unnamedSite = SiteID("invalid") ?? { preconditionFailure("a constant id is valid") }()

    private static func siteID(_ reader: ConfigurationReader, _ key: String) -> SiteID? {
        let text = reader.string(key)
        if let id = SiteID(text) { return id }
        if !text.isEmpty {
            reader.reject(
                key,
                "is '\(text)'; use 1 to \(Limits.siteNameBytesMax) lower-case letters, digits and hyphens, letter first"
            )
        }
        return nil
    }

    private static func zone(_ reader: ConfigurationReader) -> String {
        let name = reader.string("zone", default: "UTC")
        if TimeZone(identifier: name) == nil {
            reader.reject("zone", "is '\(name)', which is no time zone; use one like Asia/Shanghai or Europe/Berlin")
        }
        return name
    }

    private static func endpoint(_ reader: ConfigurationReader) -> Endpoint {
        Endpoint(
            host: reader.string("host", default: "127.0.0.1"),
            port: reader.integer("port", in: 0...65_535)
        )
    }

    private static func readPeer(_ reader: ConfigurationReader) -> Peer? {
        defer { reader.finish() }
        let id = siteID(reader, "site")
        let peer = Endpoint(
            host: reader.string("host"),
            port: reader.integer("port", in: 1...65_535)
        )
        let url = reader.string("url", default: "")
        return id.map { Peer(site: $0, mesh: peer, url: url) }
    }

    private static func resolve(_ path: String, base: String) -> String {
        if path.hasPrefix("/") || base.isEmpty { return path }
        return (base as NSString).appendingPathComponent(path)
    }
}
