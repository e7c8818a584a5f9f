/// Prints the figures that need no other process; `scripts/benchmark` adds those of whole nodes.
@main
enum TandemBenchmarks {
    static func main() async throws {
        let quick = CommandLine.arguments.contains("--quick")
        var figures = RouterFigures.measure(quick: quick)
        figures += try await LedgerFigures.measure(quick: quick)
        Figure.report(figures)
    }
}
