import Kernel
import Mesh
import Replication
import TestKit
import Testing

@Suite("What waits for a link")
struct SendQueueTests {
    @Test("Frames leave by urgency, and in order within a class", arguments: Seeds.first(20))
    func order(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var queue = SendQueue()
        var expected: [TrafficClass: [[UInt8]]] = [:]
        for number in 0..<200 {
            let trafficClass = TrafficClass.allCases.randomElement(using: &random) ?? .live
            let frame: [UInt8] = [trafficClass.rawValue, UInt8(number)]
            let isTaken = queue.add(frame, trafficClass)
            #expect(isTaken)
            expected[trafficClass, default: []].append(frame)
        }
        #expect(queue.bytes == 400)
        var left: [UInt8] = []
        while let batch = queue.take(upTo: Int.random(in: 1...20, using: &random)) { left += batch }
        #expect(left == TrafficClass.allCases.flatMap { expected[$0] ?? [] }.flatMap { $0 })
        #expect(queue.bytes == 0)
    }

    @Test("Each class keeps to its bound and tells once when there is room again", arguments: TrafficClass.allCases)
    func bounds(trafficClass: TrafficClass) {
        var queue = SendQueue()
        let most = SendQueue.bytesMax(of: trafficClass)
        let frame = [UInt8](repeating: 0, count: 10_000)
        while queue.add(frame, trafficClass) {}
        #expect(queue.bytes <= most && queue.bytes > most - frame.count)
        let early = queue.takeRecovered()
        #expect(early == [])
        for other in TrafficClass.allCases where other != trafficClass {
            let isTaken = queue.add([1], other)
            #expect(isTaken)
        }
        let resume = min(most, SendQueue.admitBytesMax(of: trafficClass)) / 2
        while queue.bytes > resume { _ = queue.take(upTo: 10_000) }
        let recovered = [queue.takeRecovered(), queue.takeRecovered()]
        #expect(recovered == [[trafficClass], []])
    }

    @Test("One frame beyond the bound is taken when nothing of its class waits")
    func oversize() {
        var queue = SendQueue()
        let large = [UInt8](repeating: 0, count: SendQueue.bytesMax(of: .live) + 1)
        let whenEmpty = [queue.add(large, .live), queue.add([1], .live)]
        #expect(whenEmpty == [true, false])
        let taken = queue.take(upTo: 1)
        #expect(taken == large)
        let again = queue.add([1], .live)
        #expect(again)
    }

    @Test(
        "Bulk is admitted up to a mark; what was being read by then is taken too, and it is told when to go on",
        arguments: [TrafficClass.catchUp, .snapshot]
    )
    func admission(trafficClass: TrafficClass) {
        var queue = SendQueue()
        let answer = [UInt8](repeating: 0, count: Limits.opsBatchBytesMax + 64 * 1_024)
        while queue.admits(trafficClass) {
            let isTaken = queue.add(answer, trafficClass)
            #expect(isTaken)
        }
        for _ in 0..<Limits.readsPerPeerMax {
            let isTaken = queue.add(answer, trafficClass)
            #expect(isTaken)
        }
        #expect(queue.bytes <= SendQueue.bytesMax(of: trafficClass))
        while queue.takeRecovered() != [trafficClass] { _ = queue.take(upTo: 1) }
        let isAdmitted = queue.admits(trafficClass)
        #expect(isAdmitted)
        #expect(queue.bytes <= Limits.meshBulkAdmitBytesMax / 2)
    }
}
