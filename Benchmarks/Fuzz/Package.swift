// swift-tools-version: 6.2
import PackageDescription

// The fuzz target of the SIP stack. scripts/fuzz lays the modules beside it and runs it. It is a package of its own
// because libFuzzer brings its own entry point, and its marks in the code have no place in any other build.

let package = Package(
    name: "tandem-fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        .target(
            name: "Kernel",
            exclude: ["DESIGN.md"]
        ),
        .target(
            name: "SIP",
            dependencies: [
                "Kernel",
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["DESIGN.md"]
        ),
        .executableTarget(
            name: "FuzzSIP",
            dependencies: ["Kernel", "SIP"],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]
        ),
    ]
)

for target in package.targets {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"]),
    ]
}
