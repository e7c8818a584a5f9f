/// Prints the figures that need no other process; `scripts/benchmark` adds those of whole nodes.
///
/// `--quick` only shows that they can be measured; `--customers 1000000` measures start and memory with so many;
/// `--backlog customers|edits N PATH CLUSTER SITE` writes ops into the records of a stopped site;
/// `--back-to-back PORT TARGET` serves as the SIP stack alone, between callers and a target on this machine.
@main
enum TandemBenchmarks {
    static func main() async throws {
        let arguments = CommandLine.arguments
        if arguments.count == 3, arguments[1] == "--open" { return try await MillionFigures.open(arguments[2]) }
        if arguments.count == 3, arguments[1] == "--customers", let count = Int(arguments[2]) {
            return Figure.report(try await MillionFigures.measure(customers: count))
        }
        if arguments.count == 7, arguments[1] == "--backlog", let count = Int(arguments[3]) {
            let (path, cluster, site) = (arguments[4], arguments[5], arguments[6])
            return try await Backlog.write(arguments[2], count, path: path, cluster: cluster, site: site)
        }
        if arguments.count == 4, arguments[1] == "--back-to-back", let port = UInt16(arguments[2]),
            let target = UInt16(arguments[3])
        {
            return BackToBack.run(port: port, target: target)
        }
        let quick = CommandLine.arguments.contains("--quick")
        var figures = RouterFigures.measure(quick: quick)
        figures += try PresenceFigures.measure(quick: quick)
        figures += try ReplicationFigures.measure(quick: quick)
        figures += try await LedgerFigures.measure(quick: quick)
        Figure.report(figures)
    }
}
