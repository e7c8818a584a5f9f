import Calls
import Kernel
import TestKit
import Testing

@Suite("Deadlines come in order")
struct DeadlineHeapTests {
    @Test("it behaves like a sorted table, whatever is set, moved and taken away", arguments: Seeds.first(20))
    func model(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var heap = DeadlineHeap<Int>()
        var table: [Int: Instant] = [:]
        for _ in 0..<600 {
            let key = Int.random(in: 0..<40, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                heap.set(key, nil)
                table[key] = nil
            case 1:
                let now = Instant(milliseconds: Int64.random(in: 0..<500, using: &random))
                let expected = table.filter { $0.value <= now }.min { ($0.value, $0.key) < ($1.value, $1.key) }
                #expect(heap.popDue(now) == expected?.key)
                if let expected { table[expected.key] = nil }
            default:
                let at = Instant(milliseconds: Int64.random(in: 0..<500, using: &random))
                heap.set(key, at)
                table[key] = at
            }
            #expect(heap.next == table.values.min())
            #expect(heap.count == table.count)
        }
    }
}
