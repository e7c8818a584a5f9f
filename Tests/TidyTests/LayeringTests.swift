import Testing

/// The module table of docs/ARCHITECTURE.md, as a check.
struct LayeringTests {
    /// What each module may import of ours and of others.
    private static let table: [String: Set<String>] = [
        "Kernel": [],
        "ContactCenter": ["Kernel"],
        "Routing": ["Kernel", "ContactCenter"],
        "SIP": ["Kernel", "HeapModule", "Crypto"],
        "Calls": ["Kernel", "ContactCenter", "SIP"],
        "Replication": ["Kernel", "Crypto", "SwiftProtobuf"],
        "SiteCore": ["Kernel", "ContactCenter", "Routing", "SIP", "Calls", "Replication"],
        "Transport": ["Kernel", "CUV", "COpenSSL", "Glibc", "Synchronization"],
        "Store": [
            "Kernel", "ContactCenter", "Replication", "SiteCore", "GRDB", "GRDBSQLite", "Foundation", "Synchronization",
            "Glibc", "Crypto",
        ],
        "Mesh": ["Kernel", "Replication", "Transport", "Synchronization"],
        "Telephony": ["Kernel", "ContactCenter", "SIP", "Calls", "Transport", "Synchronization", "Foundation"],
        "Mixer": ["Kernel", "Transport"],
        "WebAPI": [
            "Kernel", "ContactCenter", "Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore", "NIOPosix",
            "NIOFoundationCompat", "JWTKit", "CryptoExtras", "Crypto", "Logging", "Foundation", "FoundationEssentials",
            "Synchronization", "ServiceLifecycle", "AsyncAlgorithms", "Glibc",
        ],
        "Simulation": ["Kernel", "ContactCenter", "Routing", "SIP", "Calls", "Replication", "SiteCore"],
        "TestKit": ["Kernel", "ContactCenter"],
    ]

    /// The modules that must not touch the world: no clock, no chance, no disk, no thread.
    private static let pure = [
        "Kernel", "ContactCenter", "Routing", "SIP", "Calls", "Replication", "SiteCore", "Simulation",
    ]

    /// Words that reach for the world, and what to use instead.
    private static let banned: [(pattern: String, instead: String)] = [
        (#"\basync\b"#, "events in, directives out"),
        (#"\bawait\b"#, "events in, directives out"),
        (#"\bTask\b\s*[\{\(\.]"#, "events in, directives out"),
        (#"\bDate\(\)"#, "the Moment that comes with the event"),
        (#"\bContinuousClock\b|\bSuspendingClock\b|\bDispatch"#, "the Moment that comes with the event"),
        (#"SystemRandomNumberGenerator|\.random\(in:(?!.*using: )"#, "SeededRandom, handed in"),
        (#"\bprint\("#, "a trace directive"),
        (#"\bfatalError\("#, "precondition for a programmer's error, never for input"),
        (#"\bUUID\(\)"#, "ids from dots and counters"),
    ]

    @Test("A module imports only what its row of the table names")
    func imports() throws {
        for file in try Repository.swiftFiles(below: "Sources") where !file.isGenerated {
            guard let allowed = Self.table[file.module] else { continue }
            for (index, line) in file.lines.enumerated() {
                guard let match = line.firstMatch(of: /^\s*(?:@\S+\s+)?(?:\w+\s+)?import\s+(?:\w+\s+)?(\w+)/) else {
                    continue
                }
                let name = String(match.1)
                #expect(allowed.contains(name), "\(file.path):\(index + 1): \(file.module) must not import \(name)")
            }
        }
    }

    @Test("Pure modules do not reach for clock, chance, disk or threads")
    func purity() throws {
        let rules = try Self.banned.map { (try Regex($0.pattern), $0.instead) }
        for file in try Repository.swiftFiles(below: "Sources")
        where Self.pure.contains(file.module) && !file.isGenerated {
            for (index, line) in file.lines.enumerated() {
                let code = line.replacing(/\/\/.*$/, with: "").replacing(/"[^"]*"/, with: "\"\"")
                for (rule, instead) in rules {
                    #expect(try rule.firstMatch(in: code) == nil, "\(file.path):\(index + 1): use \(instead)")
                }
            }
        }
    }

    @Test("Each module of the table exists, and each source folder has a row or is assembly")
    func tableIsComplete() throws {
        let modules = Set(try Repository.swiftFiles(below: "Sources").map(\.module))
        #expect(Set(Self.table.keys).subtracting(modules).isEmpty)
        #expect(modules.subtracting(Self.table.keys) == ["Site", "tandem"])
    }
}
