// swift-tools-version: 6.2
import PackageDescription

// The module table of docs/ARCHITECTURE.md, lowest layer first: a module may import only what its line names.
// Tests/TidyTests holds the same table and checks the sources against it.

let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let certificates: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// Modules that have a design page.
let designed: Set = [
    "Kernel", "ContactCenter", "Routing", "SIP", "Calls", "Replication", "SiteCore", "Transport", "Store", "Mesh",
    "Telephony", "Mixer", "WebAPI", "Site", "Simulation",
]

/// One module: its target and, where it has tests, its test target.
func module(
    _ name: String,
    _ dependencies: [Target.Dependency],
    exclude: [String] = [],
    resources: [Resource] = []
) -> Target {
    // Modules with a story to tell keep it in a DESIGN.md beside their sources.
    .target(
        name: name,
        dependencies: dependencies,
        exclude: exclude + (designed.contains(name) ? ["DESIGN.md"] : []),
        resources: resources
    )
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, resources: resources)
}

let package = Package(
    name: "tandem",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "tandem", targets: ["tandem"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        // C edges: module maps only, nothing of theirs is compiled here.
        .systemLibrary(name: "CUV", pkgConfig: "libuv", providers: [.apt(["libuv1-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),

        // Pure modules: values in, values out.
        module("Kernel", []),
        module("ContactCenter", ["Kernel"]),
        module("Routing", ["Kernel", "ContactCenter"]),
        module("SIP", ["Kernel", heap, crypto]),
        module("Calls", ["Kernel", "ContactCenter", "SIP"]),
        module(
            "Replication",
            ["Kernel", crypto, protobuf],
            exclude: ["Protobuf/frames.proto", "Protobuf/membership.proto"]
        ),
        module("SiteCore", ["Kernel", "ContactCenter", "Routing", "SIP", "Calls", "Replication"]),

        // Edges: they do not know each other.
        module("Transport", ["Kernel", "CUV", "COpenSSL"]),
        module("Store", ["Kernel", "ContactCenter", "Replication", grdb, sqlite, crypto]),
        module("Mesh", ["Kernel", "Replication", "Transport"]),
        module("Telephony", ["Kernel", "ContactCenter", "SIP", "Calls", "Transport"]),
        module("Mixer", ["Kernel", "Transport"]),
        module(
            "WebAPI",
            [
                "Kernel", "ContactCenter", hummingbird, hummingbirdCore, httpTypes, nioCore, nioPosix, jwt, crypto,
                cryptoExtras, lifecycle, logging,
            ],
            resources: [.copy("Pages")]
        ),

        // Assembly.
        module(
            "Site",
            [
                "Kernel", "ContactCenter", "Routing", "SIP", "Calls", "Replication", "SiteCore", "Transport", "Store",
                "Mesh", "Telephony", "WebAPI", logging, lifecycle, signals, certificates, asn1, crypto,
                yams,
            ]
        ),
        module("Simulation", ["Kernel", "ContactCenter", "Routing", "SIP", "Calls", "Replication", "SiteCore"]),
        .executableTarget(
            name: "tandem",
            dependencies: [
                "Site", "Simulation", "Routing", "SIP", "Telephony", "Mixer", "Transport", "Kernel", arguments,
                logging, signals,
            ]
        ),

        .executableTarget(
            name: "TandemBenchmarks",
            dependencies: ["Kernel", "ContactCenter", "Routing", "SIP", "Replication", "Store", grdb, sqlite],
            path: "Benchmarks",
            exclude: ["Fuzz", "failures.py", "processes.py", "replication.py", "reservations.py", "telephone.py"]
        ),

        // Tests.
        module("TestKit", ["Kernel", "ContactCenter"]),
        tests("Kernel", ["Kernel", "TestKit"]),
        tests("ContactCenter", ["ContactCenter", "Kernel", "TestKit"]),
        tests("Routing", ["Routing", "ContactCenter", "Kernel", "TestKit"]),
        tests("SIP", ["SIP", "Kernel", "TestKit"]),
        tests("Calls", ["Calls", "SIP", "ContactCenter", "Kernel", "TestKit"]),
        tests("Replication", ["Replication", "Kernel", "TestKit"]),
        tests(
            "SiteCore",
            ["SiteCore", "Calls", "SIP", "Routing", "Replication", "ContactCenter", "Kernel", "TestKit"]
        ),
        tests("Transport", ["Transport", "Kernel", "TestKit"]),
        tests("Store", ["Store", "Replication", "SiteCore", "ContactCenter", "Kernel", "TestKit"]),
        tests("Mesh", ["Mesh", "Transport", "Replication", "Kernel", "TestKit"]),
        tests("Telephony", ["Telephony", "Mixer", "Transport", "Calls", "SIP", "Kernel", "TestKit"]),
        tests("Mixer", ["Mixer", "Transport", "Kernel", "TestKit"]),
        tests(
            "WebAPI",
            [
                "WebAPI", "ContactCenter", "Kernel", "TestKit", jwt, nioCore, nioPosix, httpTypes, logging,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]
        ),
        tests(
            "Site",
            ["Site", "WebAPI", "Store", "SiteCore", "SIP", "Replication", "ContactCenter", "Kernel", "TestKit"]
        ),
        tests("Simulation", ["Simulation", "Routing", "SIP", "SiteCore", "ContactCenter", "Kernel", "TestKit"]),
        tests("Tidy", []),
    ]
)

// Language settings are the same everywhere and live in one place.
for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .swiftLanguageMode(.v6),
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .enableUpcomingFeature("InferIsolatedConformances"),
            .enableUpcomingFeature("ImmutableWeakCaptures"),
            .treatAllWarnings(as: .error),
        ]
}
