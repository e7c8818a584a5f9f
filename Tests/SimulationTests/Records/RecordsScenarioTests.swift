import Kernel
import Simulation
import Testing

@Suite("Every fault scenario of records ends as it should")
struct RecordsScenarioTests {
    @Test("a scenario plays as written", arguments: RecordsScenarios.all.map(\.name))
    func scenario(name: String) throws {
        let result = try #require(RecordsScenarios.named(name)).play()
        let lines = result.lines.suffix(30).joined(separator: "\n")
        #expect(result.broken == nil, "\(lines)")
    }

    @Test("all fifteen scenarios are there, each by its own name")
    func names() {
        #expect(RecordsScenarios.all.count == 15)
        #expect(Set(RecordsScenarios.all.map(\.name)).count == 15)
    }
}
