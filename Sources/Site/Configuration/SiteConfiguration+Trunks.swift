import Foundation
import Kernel
import SIP

extension SiteConfiguration {
    /// Reads the list of trunks.
    static func trunks(_ sip: ConfigurationReader, path: @escaping (String) -> String) -> [TelephoneConfiguration.Trunk]
    {
        let entries = sip.list("trunks")
        if entries.count > Limits.sipTrunksMax {
            sip.reject("trunks", "names \(entries.count) trunks; \(Limits.sipTrunksMax) are allowed")
        }
        var names: Set<String> = []
        return entries.map { entry in
            defer { entry.finish() }
            let trunk = readTrunk(entry, environment: sip, path: path)
            if !trunk.trunk.name.isEmpty, !names.insert(trunk.trunk.name).inserted {
                entry.reject("name", "is '\(trunk.trunk.name)', as another trunk is called already")
            }
            return trunk
        }
    }

    private static func readTrunk(
        _ entry: ConfigurationReader,
        environment: ConfigurationReader,
        path: @escaping (String) -> String
    ) -> TelephoneConfiguration.Trunk {
        let name = entry.string("name")
        if !name.isEmpty, !isName(name) {
            entry.reject("name", "is '\(name)'; use 1 to 32 lower-case letters, digits and hyphens, letter first")
        }
        let host = entry.optionalString("host"), proxy = entry.optionalString("proxy")
        for (key, text) in [("host", host), ("proxy", proxy)] where text.map({ !isHost($0) }) ?? false {
            entry.reject(key, "is '\(text ?? "")'; give a host name or an address, without 'sip:' and port")
        }
        if proxy != nil, host == nil { entry.reject("proxy", "needs 'host' beside it: the carrier's domain") }
        let secrets = Secrets(entry: entry, environment: environment, trunk: name, path: path)
        let login = secrets.login(user: "username", password: "password", file: "passwordFile")
        let incoming = secrets.login(
            user: "incomingUsername",
            password: "incomingPassword",
            file: "incomingPasswordFile"
        )
        let isRegistered = entry.boolean("register", default: false)
        if isRegistered, login == nil || host == nil {
            entry.reject("register", "needs 'host', 'username' and a password")
        }
        let numeric = host.flatMap { SIPAddressRange($0) }
        let trunk = SIPTrunk(
            name: name,
            sources: sources(entry, usual: numeric),
            outgoing: login,
            domain: entry.optionalString("domain") ?? (numeric == nil ? host ?? "" : ""),
            transport: transport(entry),
            registers: isRegistered,
            probeInterval: .seconds(Int64(entry.integer("probeSeconds", in: 0...3_600, default: 30))),
            callsPerSecondMax: entry.optionalInteger("callsPerSecond", in: 1...100_000),
            callsMax: entry.optionalInteger("calls", in: 1...1_000_000)
        )
        return TelephoneConfiguration.Trunk(
            trunk: trunk,
            host: proxy ?? host,
            port: entry.optionalInteger("port", in: 1...65_535).map { UInt16($0) },
            incoming: incoming
        )
    }

    private static func transport(_ entry: ConfigurationReader) -> SIPTransport {
        switch entry.choice("transport", of: ["udp", "tcp", "tls"], default: "udp") {
        case "tcp": .tcp
        case "tls": .tls
        default: .udp
        }
    }

    /// The addresses that calls come from; a trunk at a numeric address calls from there unless told otherwise.
    private static func sources(_ entry: ConfigurationReader, usual: SIPAddressRange?) -> [SIPAddressRange] {
        let texts = entry.strings("sources")
        let ranges = texts.compactMap { text in
            let range = SIPAddressRange(text)
            if range == nil {
                entry.reject("sources", "holds '\(text)'; write addresses like 192.0.2.7, 192.0.2.0/24, 2001:db8::/32")
            }
            return range
        }
        return texts.isEmpty ? usual.map { [$0] } ?? [] : ranges
    }

    private static func isName(_ text: String) -> Bool {
        guard (1...32).contains(text.utf8.count), text.first?.isLetter == true else { return false }
        return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
    }

    /// Whether it could be a host name or a numeric address; the name server has the last word.
    private static func isHost(_ text: String) -> Bool {
        let colons = text.utf8.count { $0 == UInt8(ascii: ":") }
        guard (1...253).contains(text.utf8.count), colons != 1 else { return false }
        return text.utf8.allSatisfy { byte in
            (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte)
                || [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":")].contains(byte)
        }
    }
}

/// Reads user names and passwords of a trunk; passwords stand in no message.
private struct Secrets {
    let entry: ConfigurationReader
    let environment: ConfigurationReader
    let trunk: String
    let path: (String) -> String

    func login(user userKey: String, password: String, file: String) -> SIPTrunk.Login? {
        let user = entry.optionalString(userKey)
        let word = word(password, file: file)
        switch (user, word) {
        case (let user?, let word?): return SIPTrunk.Login(user: user, password: word)
        case (nil, nil): return nil
        case (nil, _): entry.reject(entry.has(password) ? password : file, "needs '\(userKey)' beside it")
        case (_, nil):
            let variable = variable(password)
            entry.reject(userKey, "needs '\(password)' or '\(file)' beside it, or the variable \(variable)")
        }
        return nil
    }

    /// `TANDEM_SIP_TRUNK_BERLIN_PASSWORD` for the trunk `berlin`.
    private func variable(_ key: String) -> String {
        let suffix = key == "password" ? "PASSWORD" : "INCOMING_PASSWORD"
        return "TANDEM_SIP_TRUNK_\(trunk.uppercased().replacing("-", with: "_"))_\(suffix)"
    }

    private func word(_ key: String, file fileKey: String) -> String? {
        let direct = entry.optionalString(key), file = entry.optionalString(fileKey)
        if let given = environment.variableValue(variable(key)) { return given }
        if direct != nil, file != nil { entry.reject(key, "and '\(fileKey)' are both given; keep one") }
        guard let file else { return direct }
        guard let data = FileManager.default.contents(atPath: path(file)),
            let text = String(data: data, encoding: .utf8)
        else {
            entry.reject(fileKey, "is \(path(file)), which cannot be read as text")
            return ""
        }
        let word = text.trimmingCharacters(in: .newlines)
        if word.isEmpty { entry.reject(fileKey, "is \(path(file)), which is empty") }
        return word
    }
}
