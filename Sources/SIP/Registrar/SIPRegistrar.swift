import Kernel

/// Where one phone of a user can be reached.
struct SIPBinding: Sendable {
    /// The Contact's URI: the Request-URI of calls to the phone.
    let uri: [UInt8]
    /// Where the REGISTER came from: the only way to a phone behind address translation.
    var destination: SIPDestination
    var callID: [UInt8]
    var cseq: UInt32
    var expiresAt: Instant
    /// Orders bindings by their last REGISTER.
    var serial: UInt64
}

/// Who may register, and who is registered from where.
///
/// Only users with a credential get an entry, each a bounded number of phones, so strangers cannot fill it.
struct SIPRegistrar: Sendable {
    private struct User: Sendable {
        var bindings: [SIPBinding] = []
        var queued: Instant?
    }

    private let configuration: SIPConfiguration
    private var credentials: [String: String] = [:]
    private var users: [String: User] = [:]
    private var usersByFlow: [UInt64: [String]] = [:]
    private var nonces: NonceBook
    private var lastSerial: UInt64 = 0

    init(_ configuration: SIPConfiguration) {
        self.configuration = configuration
        nonces = NonceBook(secret: configuration.secret)
    }

    /// Sets or removes a credential; true when that ended the user's registrations.
    mutating func setCredential(user: String, ha1: String?) -> Bool {
        if let ha1 {
            credentials[user] = ha1.lowercased()
            return false
        }
        credentials[user] = nil
        nonces.forget(user)
        return users.removeValue(forKey: user).map { !$0.bindings.isEmpty } ?? false
    }

    /// The phone that registered last.
    func newestBinding(of user: String) -> SIPBinding? {
        users[user]?.bindings.max { $0.serial < $1.serial }
    }

    func bindings(of user: String) -> [SIPBinding] {
        users[user]?.bindings ?? []
    }

    /// Whether the deadline queue's entry is still the user's.
    func isQueued(_ user: String, at: Instant) -> Bool {
        users[user]?.queued == at
    }

    /// Keeps the user's entry in the deadline queue up to date.
    mutating func schedule(_ user: String, in deadlines: inout DeadlineQueue) {
        guard let next = users[user]?.bindings.map(\.expiresAt).min() else { return }
        var queued = users[user]?.queued
        deadlines.schedule(.binding(user: user), at: next, queued: &queued)
        users[user]?.queued = queued
    }

    /// Drops what has expired; true when no phone is left.
    mutating func expire(_ user: String, now: Instant) -> Bool {
        users[user]?.queued = nil
        return drop(user) { $0.expiresAt <= now }
    }

    /// Drops the phones behind a closed connection; returns the users without any phone left, in order.
    mutating func flowClosed(_ flow: UInt64) -> [String] {
        let names = usersByFlow.removeValue(forKey: flow) ?? []
        return names.filter { drop($0) { $0.destination.flow == flow } }.sorted()
    }

    /// Removes matching bindings; true when that took the last one.
    private mutating func drop(_ user: String, where matches: (SIPBinding) -> Bool) -> Bool {
        guard let entry = users[user], !entry.bindings.isEmpty else { return false }
        users[user]?.bindings.removeAll(where: matches)
        return users[user]?.bindings.isEmpty == true
    }

    // MARK: Authentication

    /// Checks who sends a REGISTER; returns the user, or throws the answer to give.
    mutating func authenticate(_ envelope: SIPEnvelope, now: Instant) throws(SIPRefusal) -> String {
        let user = (try? SIPURI(envelope.to.uri))?.userText ?? ""
        guard !user.isEmpty else { throw SIPRefusal(404) }
        var fields: SIPDigestFields?
        for header in envelope.message.headers where header.name == .authorization {
            if let found = SIPDigestFields(header.value), found.realm == configuration.realm { fields = found }
        }
        guard let fields, fields.isMD5 else { throw challenge(isStale: false, now: now) }
        switch nonces.judge(fields.nonce, now: now) {
        case .forged: throw challenge(isStale: false, now: now)
        case .stale: throw challenge(isStale: true, now: now)
        case .good: break
        }
        // An unknown user and a wrong password look the same from outside.
        let ha1 = credentials[user] ?? "unknown"
        let expected = SIPDigest.response(ha1: ha1, method: "REGISTER", fields, algorithm: .md5)
        guard credentials[user] != nil, fields.user == user, !fields.uri.isEmpty,
            isEqualInConstantTime(expected, fields.response.lowercased())
        else { throw SIPRefusal(403) }
        var count: UInt32 = 1
        if fields.isProtected {
            guard fields.count.utf8.count == 8, let number = UInt32(fields.count, radix: 16), number > 0
            else { throw SIPRefusal(400, "Malformed Nonce Count") }
            count = number
        }
        guard nonces.use(fields.nonce, user: user, count: count) else { throw challenge(isStale: true, now: now) }
        return user
    }

    private mutating func challenge(isStale: Bool, now: Instant) -> SIPRefusal {
        var value = "Digest realm=\"\(configuration.realm)\", nonce=\"\(nonces.make(now: now))\", "
        value += "algorithm=\(SIPDigest.Algorithm.md5.name), qop=\"auth\""
        if isStale { value += ", stale=true" }
        return SIPRefusal(401, headers: [SIPExtraHeader(name: "WWW-Authenticate", value: value)])
    }

    // MARK: Bindings

    /// Carries out an authenticated REGISTER (RFC 3261 §10.3); true when the user has phones afterwards.
    mutating func apply(
        _ envelope: SIPEnvelope,
        user: String,
        source: SIPDestination,
        now: Instant
    ) throws(SIPRefusal) -> Bool {
        let contacts = envelope.message.list(.contact)
        if contacts.count == 1, contacts[0].trimmed.elementsEqual("*".utf8) {
            guard envelope.message.first(.expires)?.decimal == 0 else {
                throw SIPRefusal(400, "Star Without Expires 0")
            }
            users[user]?.bindings = []
            return false
        }
        guard contacts.count <= Limits.sipContactsMax else { throw SIPRefusal(400, "Too Many Contacts") }
        var entry = users[user] ?? User()
        for contact in contacts {
            guard let address = SIPNameAddress(contact), (try? SIPURI(address.uri)) != nil
            else { throw SIPRefusal(400, "Malformed Contact") }
            let span = try lifetime(address, envelope.message)
            try bind(address.uri, for: span, envelope, source, &entry, now: now)
        }
        users[user] = entry
        if let flow = source.flow, usersByFlow[flow]?.contains(user) != true {
            usersByFlow[flow, default: []].append(user)
        }
        return !entry.bindings.isEmpty
    }

    private func lifetime(_ address: SIPNameAddress, _ message: SIPMessage) throws(SIPRefusal) -> Span {
        let asked = address.parameters["expires"] ?? message.first(.expires)
        guard let seconds = asked?.decimal else { return configuration.registrationDefault }
        let span = Span.seconds(Int64(seconds))
        if seconds > 0, span < configuration.registrationMin {
            let least = String(configuration.registrationMin.milliseconds / 1_000)
            throw SIPRefusal(423, headers: [SIPExtraHeader(name: "Min-Expires", value: least)])
        }
        return min(span, configuration.registrationMax)
    }

    private mutating func bind(
        _ uri: Bytes,
        for span: Span,
        _ envelope: SIPEnvelope,
        _ source: SIPDestination,
        _ entry: inout User,
        now: Instant
    ) throws(SIPRefusal) {
        if let old = entry.bindings.firstIndex(where: { $0.uri.elementsEqual(uri) }) {
            let binding = entry.bindings[old]
            if binding.callID.elementsEqual(envelope.callID), envelope.cseq <= binding.cseq {
                throw SIPRefusal(500, "CSeq Out Of Order")
            }
            entry.bindings.remove(at: old)
        }
        guard span > .zero else { return }
        if entry.bindings.count >= Limits.sipContactsMax,
            let oldest = entry.bindings.indices.min(by: { entry.bindings[$0].serial < entry.bindings[$1].serial })
        {
            entry.bindings.remove(at: oldest)
        }
        lastSerial += 1
        entry.bindings.append(
            SIPBinding(
                uri: Array(uri),
                destination: source,
                callID: Array(envelope.callID),
                cseq: envelope.cseq,
                expiresAt: now + span,
                serial: lastSerial
            )
        )
    }
}

/// Compares without telling by its duration where the first difference lies.
private func isEqualInConstantTime(_ left: String, _ right: String) -> Bool {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
