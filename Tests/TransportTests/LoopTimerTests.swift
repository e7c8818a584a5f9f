import Kernel
import TestKit
import Testing
import Transport

@Suite("Timers", .timeLimit(.minutes(1)))
struct LoopTimerTests {
    @Test("A timer never fires before its deadline", arguments: Seeds.first(8))
    func neverEarly(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let spans = (0..<16).map { _ in Span.milliseconds(Int64.random(in: -2...12, using: &random)) }
        try await withLoop { loop in
            let late = Mailbox<Span>()
            try await loop.run {
                for span in spans {
                    let deadline = SystemClock.instant + span
                    let timer = try LoopTimer.make(on: loop) { late.put(SystemClock.instant - deadline) }
                    timer.arm(at: deadline)
                }
            }
            for _ in spans { #expect(try await late.next() >= .zero) }
        }
    }

    @Test("Timers fire in the order of their deadlines")
    func order() async throws {
        try await withLoop { loop in
            let fired = Mailbox<Int64>()
            try await loop.run {
                let start = SystemClock.instant
                for delay in [12, 3, 9, 6] as [Int64] {
                    let timer = try LoopTimer.make(on: loop) { fired.put(delay) }
                    timer.arm(at: start + .milliseconds(delay))
                }
            }
            var order: [Int64] = []
            for _ in 0..<4 { order.append(try await fired.next()) }
            #expect(order == [3, 6, 9, 12])
        }
    }

    @Test("Arming again replaces the deadline, disarming takes it back, and it can be armed from its own call")
    func rearm() async throws {
        try await withLoop { loop in
            let fired = Mailbox<String>()
            try await loop.run {
                let replaced = try LoopTimer.make(on: loop) { fired.put("replaced") }
                replaced.arm(after: .seconds(3_600))
                let disarmed = try LoopTimer.make(on: loop) { fired.put("disarmed") }
                disarmed.arm(after: .milliseconds(1))
                disarmed.disarm()
                #expect(disarmed.deadline == nil)
                let again = LoopBound<(timer: LoopTimer?, count: Int)>((nil, 0), on: loop)
                again.value.timer = try LoopTimer.make(on: loop) {
                    again.value.count += 1
                    if again.value.count < 3 {
                        again.value.timer?.arm(after: .milliseconds(1))
                    } else {
                        fired.put("third")
                        replaced.arm(after: .milliseconds(1))
                    }
                }
                again.value.timer?.arm(after: .milliseconds(1))
            }
            #expect(try await fired.next() == "third")
            #expect(try await fired.next() == "replaced")
            #expect(fired.count == 0)
        }
    }

    @Test("A closed timer stays silent")
    func closed() async throws {
        try await withLoop { loop in
            let fired = Mailbox<String>()
            try await loop.run {
                let closed = try LoopTimer.make(on: loop) { fired.put("closed") }
                closed.arm(after: .milliseconds(1))
                closed.close()
                closed.arm(after: .milliseconds(1))
                let other = try LoopTimer.make(on: loop) { fired.put("other") }
                other.arm(after: .milliseconds(3))
            }
            #expect(try await fired.next() == "other")
            #expect(fired.count == 0)
        }
    }
}
