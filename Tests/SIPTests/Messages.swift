/// Messages that tests send, as a phone of another make might write them.
enum Messages {
    /// An INVITE; `changing` replaces whole header lines by name, nil removes them.
    static func invite(_ changes: [String: String?] = [:], uri: String = "sip:5550100@10.0.0.1") -> String {
        request("INVITE", uri, changes)
    }

    /// Any request outside a dialog.
    static func request(
        _ method: String,
        _ uri: String,
        _ changes: [String: String?] = [:],
        body: String = ""
    )
        -> String
    {
        let headers: [(String, String)] = [
            ("Via", "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKfixed1;rport"),
            ("Max-Forwards", "70"),
            ("From", "\"Mei, Li\" <sip:+8675512345678@192.0.2.9>;tag=caller1"),
            ("To", "<sip:5550100@10.0.0.1>"),
            ("Call-ID", "call-1@192.0.2.9"),
            ("CSeq", "7 \(method)"),
            ("Contact", "<sip:me@192.0.2.9:5070>"),
            ("Content-Length", "\(body.utf8.count)"),
        ]
        var text = "\(method) \(uri) SIP/2.0\r\n"
        for (name, value) in headers {
            switch changes[name] {
            case .none: text += "\(name): \(value)\r\n"
            case .some(.none): break
            case .some(.some(let changed)): text += "\(name): \(changed)\r\n"
            }
        }
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) where !headers.contains(where: { $0.0 == name }) {
            if let value { text += "\(name): \(value)\r\n" }
        }
        return text + "\r\n" + body
    }

    /// The value of a header in a message's text.
    static func header(_ name: String, in text: String) -> String? {
        for line in text.split(separator: "\r\n", omittingEmptySubsequences: false) {
            if line.isEmpty { return nil }
            if line.hasPrefix("\(name): ") { return String(line.dropFirst(name.count + 2)) }
        }
        return nil
    }

    /// The tag in a header's value.
    static func tag(_ value: String) -> String {
        guard let range = value.split(separator: ";tag=").dropFirst().first else { return "" }
        return String(range.prefix { $0 != ";" })
    }
}
