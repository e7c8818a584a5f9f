import Kernel
import Routing
import TestKit
import Testing

@Suite("Ordered index")
struct OrderedIndexTests {
    @Test("It is what a sorted array is, after any inserts and removes", arguments: Seeds.first(50))
    func sameAsArray(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var index = OrderedIndex<Int>()
        var model: [Int] = []
        for _ in 0..<400 {
            let value = Int.random(in: 0..<120, using: &random)
            if Bool.random(using: &random) {
                let isNew = !model.contains(value)
                #expect(index.insert(value) == isNew)
                if isNew { model.append(value) }
            } else {
                let place = model.firstIndex(of: value)
                #expect(index.remove(value) == (place != nil))
                if let place { model.remove(at: place) }
            }
            model.sort()
            #expect(index.count == model.count)
            #expect(index.first == model.first)
            for place in -1...3 {
                #expect(index.element(at: place) == (model.indices.contains(place) ? model[place] : nil))
            }
            let place = Int.random(in: 0..<120, using: &random)
            #expect(index.element(at: place) == (model.indices.contains(place) ? model[place] : nil))
            let probe = Int.random(in: 0..<120, using: &random)
            #expect(index.rank(of: probe) == model.count { $0 < probe })
            #expect(index.contains(probe) == model.contains(probe))
        }
        #expect(index.elements == model)
    }

    @Test("The smallest few come in order, all when there are fewer")
    func prefix() {
        var index = OrderedIndex<Int>()
        for value in (0..<100).reversed() { index.insert(value) }
        #expect(index.prefix(5) == [0, 1, 2, 3, 4])
        #expect(index.prefix(0).isEmpty)
        #expect(index.prefix(1_000) == Array(0..<100))
    }

    @Test("Sorted input leaves it shallow enough for twenty thousand elements")
    func sortedInput() {
        var index = OrderedIndex<Int>()
        for value in 0..<20_000 { index.insert(value) }
        #expect(index.rank(of: 7_777) == 7_777)
        for value in 0..<19_999 { index.remove(value) }
        #expect(index.elements == [19_999])
    }
}
