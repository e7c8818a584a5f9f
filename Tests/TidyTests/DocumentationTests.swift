import Foundation
import Testing

/// What a newcomer relies on is there and says what it should.
struct DocumentationTests {
    @Test("Every package declaration has a documentation comment")
    func declarationsAreDocumented() throws {
        let declaration = /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:package|public)\s+(?!import|extension)\w/
        for file in try Repository.swiftFiles(below: "Sources") where !file.isGenerated {
            for (index, line) in file.lines.enumerated() where line.contains(declaration) {
                var above = index - 1
                while above >= 0, file.lines[above].contains(/^\s*@/) { above -= 1 }
                let documented = above >= 0 && file.lines[above].contains(/^\s*(?:\/\/\/|\*\/)/)
                let inherits = line.contains(/\b(?:override|deinit)\b/)
                #expect(documented || inherits, "\(file.path):\(index + 1) has no documentation")
            }
        }
    }

    @Test(
        "The pages that people look for exist",
        arguments: [
            "README.md", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", "docs/ARCHITECTURE.md", "docs/HACKING.md",
            "docs/GLOSSARY.md", "docs/FEATURES.md", "docs/decisions/0001-record-decisions.md",
        ]
    )
    func pagesExist(path: String) {
        #expect(Repository.exists(path), "\(path) is missing")
    }

    @Test("Every file that FEATURES names exists")
    func featuresAreTrue() throws {
        let text = try Repository.text("docs/FEATURES.md")
        let named = text.matches(of: /`((?:Sources|Tests|scripts|docs|cluster-config|docker)\/[^`]+)`/)
        #expect(named.count > 20)
        for match in named {
            #expect(Repository.exists(String(match.1)), "docs/FEATURES.md names \(match.1), which is not there")
        }
    }

    @Test("Relative links in the documentation lead somewhere")
    func linksLead() throws {
        let pages =
            ["README.md", "CONTRIBUTING.md"]
            + (FileManager.default.enumerator(atPath: Repository.root.appending(path: "docs").path)?
            .compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
        for page in pages.sorted() {
            let folder = (page as NSString).deletingLastPathComponent
            for match in try Repository.text(page).matches(of: /\]\(([^)#\s]+)(?:#[^)]*)?\)/) {
                let target = String(match.1)
                if target.contains("://") || target.hasPrefix("mailto:") { continue }
                let path = folder.isEmpty ? target : "\(folder)/\(target)"
                #expect(Repository.exists(path), "\(page) links to \(target)")
            }
        }
    }

    @Test("Every configuration key of the code is explained in the sample")
    func sampleIsComplete() throws {
        let readers = ["SiteConfiguration+Load", "SiteConfiguration+Telephone", "SiteConfiguration+Trunks"]
        let code = try (readers + ["MediaConfiguration"])
            .map { try Repository.text("Sources/Site/Configuration/\($0).swift") }.joined()
        let sample = try Repository.text("cluster-config/north.yaml")
        let keys = code.matches(
            of: /(?:string|strings|optionalString|integer|optionalInteger|boolean|choice|section|list)\(\s*"(\w+)"/
        )
        #expect(keys.count > 50)
        for match in keys {
            #expect(sample.contains("\(match.1):"), "cluster-config/north.yaml does not show '\(match.1)'")
        }
    }
}
