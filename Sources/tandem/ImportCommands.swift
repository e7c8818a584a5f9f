import ArgumentParser
import Foundation

/// `tandem import`: records from files.
struct ImportCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring records in from files.",
        subcommands: [Customers.self]
    )

    /// `tandem import customers`.
    struct Customers: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import customer files from CSV: all rows, or none.",
            discussion: """
                The first row names the columns: name, organisation, department, title, phone, email, tier, \
                language. Several phones or addresses in one cell are parted by ';'. A row whose phone or address is \
                known updates that file. Broken rows are named by line; then nothing is imported.

                Examples:
                  tandem import customers customers.csv --dry-run
                  TANDEM_PASSWORD=… tandem import customers customers.csv --url http://127.0.0.1:8081
                """
        )

        @Argument(help: "The CSV file, UTF-8.", completion: .file(extensions: ["csv"]))
        var file: String
        @Flag(help: "Only say what would happen.")
        var dryRun = false
        @Flag(help: "Print the report as JSON.")
        var json = false
        @OptionGroup var api: APIOptions

        func run() async throws {
            try await reporting {
                guard let data = FileManager.default.contents(atPath: file) else {
                    throw CommandFailure(code: .failed, message: "\(file) cannot be read")
                }
                let client = try await api.client()
                Terminal.progress("Sending \(data.count / 1_024) KiB…")
                let path = "/api/v1/customers/import?dryRun=\(dryRun)"
                let answer: Data
                do {
                    answer = try await client.send("POST", path, body: data, type: "text/csv")
                    Terminal.endProgress()
                } catch let problem as APIProblem {
                    Terminal.endProgress()
                    if json { Terminal.say(String(decoding: problem.body, as: UTF8.self)) }
                    throw CommandFailure(code: .data, message: "\(file): nothing was imported. \(problem)")
                }
                if json { return Terminal.say(String(decoding: answer, as: UTF8.self)) }
                let report = try JSONDecoder().decode(Report.self, from: answer)
                Terminal.say(
                    """
                    \(file): \(report.rows) rows\(dryRun ? " (dry run, nothing was changed)" : "").
                      \(report.created) new customers
                      \(report.updated) known customers updated
                      \(report.duplicates) rows that repeat another row
                    """
                )
            }
        }

        private struct Report: Decodable {
            var rows: Int
            var created: Int
            var updated: Int
            var duplicates: Int
        }
    }
}
