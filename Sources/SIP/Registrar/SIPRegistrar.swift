import Kernel

/// Who may register, and who is registered from where.
///
/// Only users with a credential get an entry, each a bounded number of phones, so strangers cannot fill it.
struct SIPRegistrar: Sendable {
    private struct User: Sendable {
        var bindings: [SIPBinding] = []
        var queued: Instant?
    }

    private let configuration: SIPConfiguration
    private var credentials: [String: SIPTrunk.Credential] = [:]
    /// How many credentials have SHA-256: while one has, strangers are offered it too.
    private var strongCredentials = 0
    private var users: [String: User] = [:]
    private var usersByFlow: [UInt64: [String]] = [:]
    /// Users with a phone that does not answer, by the address where it was.
    private var silent: [SIPAddress: [String]] = [:]
    private var lastSerial: UInt64 = 0

    init(_ configuration: SIPConfiguration) {
        self.configuration = configuration
    }

    /// Sets or removes a credential; true when that ended the user's registrations.
    mutating func setCredential(user: String, ha1: String?, sha256: String?) -> Bool {
        if credentials[user]?.sha256 != nil { strongCredentials -= 1 }
        if let ha1 {
            if sha256 != nil { strongCredentials += 1 }
            credentials[user] = SIPTrunk.Credential(user: user, md5: ha1, sha256: sha256)
            return false
        }
        credentials[user] = nil
        let isReachable = isReachable(user)
        drop(user) { _ in true }
        users[user] = nil
        return isReachable
    }

    /// Who a request must prove to come from.
    func claim(_ user: String) -> SIPAuthenticator.Claim {
        SIPAuthenticator.Claim(
            user: user,
            credential: credentials[user],
            offersStrong: strongCredentials > 0,
            book: user
        )
    }

    /// The phone that registered last among those that answer, else among all.
    func newestBinding(of user: String) -> SIPBinding? {
        users[user]?.bindings.max { ($0.probe.isUp ? 1 : 0, $0.serial) < ($1.probe.isUp ? 1 : 0, $1.serial) }
    }

    func bindings(of user: String) -> [SIPBinding] {
        users[user]?.bindings ?? []
    }

    /// Whether a phone of the user answers.
    func isReachable(_ user: String) -> Bool {
        users[user]?.bindings.contains { $0.probe.isUp } ?? false
    }

    /// Drops what has expired.
    mutating func expire(_ user: String, now: Instant) {
        users[user]?.queued = nil
        drop(user) { $0.expiresAt <= now }
    }

    /// Drops the phones behind a closed connection; returns the users whom that left without any, in order.
    mutating func flowClosed(_ flow: UInt64) -> [String] {
        let names = usersByFlow.removeValue(forKey: flow) ?? []
        return names.sorted().filter { user in
            let wasReachable = isReachable(user)
            drop(user) { $0.destination.flow == flow }
            return wasReachable && !isReachable(user)
        }
    }

    private mutating func drop(_ user: String, where matches: (SIPBinding) -> Bool) {
        for binding in users[user]?.bindings ?? [] where matches(binding) { forgetSilence(binding, of: user) }
        users[user]?.bindings.removeAll(where: matches)
    }

    // MARK: Bindings

    /// Carries out an authenticated REGISTER (RFC 3261 §10.3).
    mutating func apply(
        _ envelope: SIPEnvelope,
        user: String,
        source: SIPDestination,
        now: Instant
    ) throws(SIPRefusal) {
        let contacts = envelope.message.list(.contact)
        if contacts.count == 1, contacts[0].trimmed.elementsEqual("*".utf8) {
            guard envelope.message.first(.expires)?.decimal == 0 else {
                throw SIPRefusal(400, "Star Without Expires 0")
            }
            drop(user) { _ in true }
            return
        }
        guard contacts.count <= Limits.sipContactsMax else { throw SIPRefusal(400, "Too Many Contacts") }
        let path = try path(envelope.message)
        var entry = users[user] ?? User()
        var removed: [SIPBinding] = []
        for contact in contacts {
            guard let address = SIPNameAddress(contact), (try? SIPURI(address.uri)) != nil
            else { throw SIPRefusal(400, "Malformed Contact") }
            var binding = SIPBinding(
                uri: Array(address.uri),
                destination: source,
                callID: Array(envelope.callID),
                cseq: envelope.cseq,
                expiresAt: now + (try lifetime(address, envelope.message)),
                serial: 0
            )
            binding.path = path
            binding.instance = try instance(address)
            try bind(binding, &entry, &removed, now: now)
        }
        for binding in removed { forgetSilence(binding, of: user) }
        users[user] = entry
        if let flow = source.flow, usersByFlow[flow]?.contains(user) != true {
            usersByFlow[flow, default: []].append(user)
        }
    }

    private func path(_ message: SIPMessage) throws(SIPRefusal) -> [[UInt8]] {
        let values = message.list(.path)
        guard values.count <= Limits.sipPathsMax,
            values.allSatisfy({ SIPNameAddress($0).flatMap { try? SIPURI($0.uri) } != nil })
        else { throw SIPRefusal(400, "Malformed Path") }
        return values.map(Array.init)
    }

    private func instance(_ address: SIPNameAddress) throws(SIPRefusal) -> [UInt8] {
        guard let name = address.parameters["+sip.instance"], !name.isEmpty else { return [] }
        let number = address.parameters["reg-id"] ?? []
        guard name.count + number.count <= Limits.sipIdentifierBytesMax else { throw SIPRefusal(400, "Bad Instance") }
        return name + [ASCII.semicolon] + number
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
        _ new: SIPBinding,
        _ entry: inout User,
        _ removed: inout [SIPBinding],
        now: Instant
    ) throws(SIPRefusal) {
        var new = new
        let old = entry.bindings.firstIndex {
            $0.uri == new.uri || !new.instance.isEmpty && $0.instance == new.instance
        }
        if let old {
            let binding = entry.bindings[old]
            if binding.callID == new.callID, new.cseq <= binding.cseq { throw SIPRefusal(500, "CSeq Out Of Order") }
            new.probe.at = binding.probe.at
            removed.append(entry.bindings.remove(at: old))
        }
        guard new.expiresAt > now else { return }
        if entry.bindings.count >= Limits.sipContactsMax,
            let oldest = entry.bindings.indices.min(by: { entry.bindings[$0].serial < entry.bindings[$1].serial })
        {
            removed.append(entry.bindings.remove(at: oldest))
        }
        lastSerial += 1
        new.serial = lastSerial
        entry.bindings.append(new)
    }

    // MARK: Whether phones answer

    /// Sets when each phone on UDP is first asked; `delay` spreads them.
    mutating func planProbes(_ user: String, now: Instant, delay: () -> Span) {
        for index in users[user]?.bindings.indices ?? 0..<0 {
            guard let binding = users[user]?.bindings[index], binding.probe.at == nil,
                !binding.destination.transport.isReliable
            else { continue }
            users[user]?.bindings[index].probe.at = now + delay()
        }
    }

    /// A phone whose probe is due, and notes when the next one is.
    mutating func takeDueProbe(_ user: String, next: Instant, now: Instant) -> SIPBinding? {
        guard
            let index = users[user]?.bindings.firstIndex(where: { binding in
                binding.probe.at.map { $0 <= now } ?? false
            })
        else { return nil }
        users[user]?.bindings[index].probe.at = next
        return users[user]?.bindings[index]
    }

    /// Changes what is known of one phone.
    mutating func note(_ user: String, serial: UInt64, _ change: (inout SIPProbe) -> Void) -> SIPBinding? {
        guard let index = users[user]?.bindings.firstIndex(where: { $0.serial == serial }),
            var binding = users[user]?.bindings[index]
        else { return nil }
        let wasUp = binding.probe.isUp
        change(&binding.probe)
        users[user]?.bindings[index] = binding
        if wasUp, !binding.probe.isUp { silent[binding.destination.remote, default: []].append(user) }
        if !wasUp, binding.probe.isUp { forgetSilence(binding, of: user) }
        return binding
    }

    private mutating func forgetSilence(_ binding: SIPBinding, of user: String) {
        guard let index = silent[binding.destination.remote]?.firstIndex(of: user) else { return }
        silent[binding.destination.remote]?.remove(at: index)
        if silent[binding.destination.remote]?.isEmpty == true { silent[binding.destination.remote] = nil }
    }

    /// Something came from an address; returns the users whose phone there had been silent and whom nobody reached.
    mutating func heard(_ address: SIPAddress) -> [String] {
        guard !silent.isEmpty, let names = silent[address] else { return [] }
        var back: [String] = []
        for user in Set(names).sorted() {
            let wasReachable = isReachable(user)
            for binding in bindings(of: user) where binding.destination.remote == address && binding.path.isEmpty {
                _ = note(user, serial: binding.serial) { $0.heard() }
            }
            if !wasReachable, isReachable(user) { back.append(user) }
        }
        return back
    }

    /// The phones that a URI over a way stands for, in the order of their users.
    func phones(uri: [UInt8], _ destination: SIPDestination) -> [(user: String, serial: UInt64)] {
        users.keys.sorted().flatMap { user in
            bindings(of: user).filter { $0.uri == uri && $0.destination == destination }.map { (user, $0.serial) }
        }
    }

    // MARK: Deadlines

    /// Whether the deadline queue's entry is still the user's.
    func isQueued(_ user: String, at: Instant) -> Bool {
        users[user]?.queued == at
    }

    /// Keeps the user's entry in the deadline queue up to date.
    mutating func schedule(_ user: String, in deadlines: inout DeadlineQueue) {
        guard let entry = users[user] else { return }
        var next: Instant?
        for binding in entry.bindings { next = earlier(next, earlier(binding.expiresAt, binding.probe.at)) }
        var queued = entry.queued
        deadlines.schedule(.binding(user: user), at: next, queued: &queued)
        users[user]?.queued = queued
    }
}
