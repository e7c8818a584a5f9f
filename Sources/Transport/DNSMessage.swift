import Kernel

/// Reads the answer section of a DNS message (RFC 1035 §4), whatever bytes it holds.
package struct DNSMessage {
    private let bytes: [UInt8]
    private var next = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The answer's records of one kind; nil when the bytes are no proper message.
    ///
    /// Names that stand for other names (CNAME) are followed by the server that was asked; all of them shorten the
    /// time that the records may be used.
    package static func records(of kind: DNSRecord.Kind, in bytes: [UInt8]) -> [DNSRecord]? {
        var message = DNSMessage(bytes)
        return message.read(kind)
    }

    private mutating func read(_ kind: DNSRecord.Kind) -> [DNSRecord]? {
        // Number, flags, and how many questions and answers there are.
        guard number() != nil, let flags = number(), flags & 0x8000 != 0 else { return nil }
        guard let questions = number(), let answers = number(), number() != nil, number() != nil else { return nil }
        for _ in 0..<min(Int(questions), Limits.dnsRecordsMax) {
            guard name() != nil, number() != nil, number() != nil else { return nil }
        }
        var records: [DNSRecord] = []
        var life = UInt32.max
        for _ in 0..<min(Int(answers), Limits.dnsRecordsMax) {
            guard name() != nil, let type = number(), let space = number(), let seconds = longNumber(),
                let length = number(), next + Int(length) <= bytes.count
            else { return nil }
            let end = next + Int(length)
            // A time with the highest bit set counts as none (RFC 2181 §8).
            life = min(life, seconds > UInt32(Int32.max) ? 0 : seconds)
            if space == 1, type == kind.rawValue {
                guard let content = content(kind, length: Int(length)), next <= end else { return nil }
                records.append(DNSRecord(content, secondsToLive: 0))
            }
            next = end
        }
        return records.map { DNSRecord($0.content, secondsToLive: life) }
    }

    private mutating func content(_ kind: DNSRecord.Kind, length: Int) -> DNSRecord.Content? {
        switch kind {
        case .v4:
            guard length == 4 else { return nil }
            return .address(bytes[next..<next + 4].map { String($0) }.joined(separator: "."))
        case .v6:
            guard length == 16 else { return nil }
            let groups = stride(from: next, to: next + 16, by: 2).map { index in
                String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
            }
            // As text it is written the usual way.
            return SocketAddress(host: groups.joined(separator: ":"), port: 0).map { .address($0.host) }
        case .service:
            guard let priority = number(), let weight = number(), let port = number(), let host = name() else {
                return nil
            }
            return .service(priority: priority, weight: weight, port: port, host: host)
        }
    }

    private mutating func number() -> UInt16? {
        guard next + 2 <= bytes.count else { return nil }
        defer { next += 2 }
        return UInt16(bytes[next]) << 8 | UInt16(bytes[next + 1])
    }

    private mutating func longNumber() -> UInt32? {
        guard let high = number(), let low = number() else { return nil }
        return UInt32(high) << 16 | UInt32(low)
    }

    /// A name, which may end in a jump to an earlier one; the root's is empty.
    private mutating func name() -> String? {
        var labels: [String] = []
        var at = next
        var jumps = 0
        var total = 0
        while at < bytes.count {
            let length = Int(bytes[at])
            if length & 0xC0 == 0xC0 {
                guard at + 1 < bytes.count, jumps < Limits.dnsJumpsMax else { return nil }
                if jumps == 0 { next = at + 2 }
                jumps += 1
                at = (length & 0x3F) << 8 | Int(bytes[at + 1])
                continue
            }
            guard length & 0xC0 == 0, at + 1 + length <= bytes.count else { return nil }
            total += length + 1
            guard total <= 255 else { return nil }
            if length == 0 {
                if jumps == 0 { next = at + 1 }
                return labels.joined(separator: ".")
            }
            labels.append(String(decoding: bytes[(at + 1)...(at + length)], as: UTF8.self))
            at += 1 + length
        }
        return nil
    }
}
