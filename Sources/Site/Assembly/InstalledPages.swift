import Foundation

/// Where an installed program keeps its pages: `../share/tandem/pages` beside `bin`.
enum InstalledPages {
    static var directory: String? {
        let program = URL(filePath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
        let binary = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? program.path
        let pages = URL(filePath: binary).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "share/tandem/pages").path
        return FileManager.default.fileExists(atPath: pages) ? pages : nil
    }
}
