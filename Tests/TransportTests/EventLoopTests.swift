import Kernel
import Synchronization
import Testing
import Transport

/// An actor that lives on a loop.
private actor Resident {
    let loop: EventLoop
    private(set) var numbers: [Int] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop) {
        self.loop = loop
    }

    func add(_ number: Int) -> Bool {
        numbers.append(number)
        return loop.isOnLoop
    }

    func addFromCallback(_ number: Int) {
        numbers.append(number)
    }
}

@Suite("The event loop", .timeLimit(.minutes(1)))
struct EventLoopTests {
    @Test("An actor whose executor is the loop runs on the loop's thread")
    func actorRunsOnLoop() async throws {
        try await withLoop { loop in
            let resident = Resident(loop: loop)
            #expect(!loop.isOnLoop)
            #expect(await resident.add(1))
            #expect(await resident.numbers == [1])
        }
    }

    @Test("A task that prefers the loop runs on it, also outside actors")
    func taskPrefersLoop() async throws {
        try await withLoop { loop in
            let onLoop = await Task(executorPreference: loop) { await onExecutor(loop) }.value
            #expect(onLoop)
        }
    }

    @Test("A callback on the loop may enter an actor of the loop without waiting")
    func callbackAssumesIsolation() async throws {
        try await withLoop { loop in
            let resident = Resident(loop: loop)
            try await loop.run {
                resident.assumeIsolated { $0.addFromCallback(7) }
            }
            #expect(await resident.numbers == [7])
        }
    }

    @Test("Work from another thread runs in the order in which it was given")
    func orderFromOutside() async throws {
        try await withLoop { loop in
            let seen = Mutex<[Int]>([])
            for number in 0..<10_000 {
                loop.execute { seen.withLock { $0.append(number) } }
            }
            try await loop.run {}
            #expect(seen.withLock { $0 } == Array(0..<10_000))
        }
    }

    @Test("Work that runs on the loop adds work behind what waits already")
    func orderOnLoop() async throws {
        try await withLoop { loop in
            let seen = Mutex<[String]>([])
            try await loop.run {
                loop.schedule {
                    seen.withLock { $0.append("first") }
                    loop.schedule { seen.withLock { $0.append("third") } }
                }
                loop.execute { seen.withLock { $0.append("second") } }
                seen.withLock { $0.append("now") }
            }
            try await loop.run {}
            #expect(seen.withLock { $0 } == ["now", "first", "second", "third"])
        }
    }

    @Test("Many threads at once lose no work")
    func manyThreads() async throws {
        try await withLoop { loop in
            let arrived = Mailbox<Int>()
            await withTaskGroup { group in
                for part in 0..<8 {
                    group.addTask {
                        for number in 0..<1_000 { loop.execute { arrived.put(part * 1_000 + number) } }
                    }
                }
            }
            var numbers: Set<Int> = []
            for _ in 0..<8_000 { numbers.insert(try await arrived.next()) }
            #expect(numbers == Set(0..<8_000))
        }
    }

    @Test("Work without end does not keep timers from firing")
    func endlessWorkIsFair() async throws {
        try await withLoop { loop in
            let fired = Mailbox<Int>()
            try await loop.run {
                let state = LoopBound((isOver: false, rounds: 0), on: loop)
                @Sendable func again() {
                    state.value.rounds += 1
                    if !state.value.isOver { loop.execute(again) }
                }
                let timer = try LoopTimer.make(on: loop) {
                    state.value.isOver = true
                    fired.put(state.value.rounds)
                }
                timer.arm(after: .milliseconds(5))
                again()
            }
            #expect(try await fired.next() > 1)
        }
    }

    @Test("A turn that takes long shows in the load")
    func loadShowsLag() async throws {
        try await withLoop { loop in
            try await loop.run {}
            _ = loop.takeLoad()
            let busy: UInt64 = 3_000_000
            try await loop.run {
                let start = SystemClock.nanoseconds
                while SystemClock.nanoseconds - start < busy {}
            }
            // The load is counted at the end of the turn, which may come just after the answer.
            try await loop.run {}
            try await loop.run {}
            let load = loop.takeLoad()
            #expect(load.longestTurnNanoseconds >= busy)
            #expect(load.busyNanoseconds >= load.longestTurnNanoseconds)
            #expect(load.turns >= 1)
        }
    }

    @Test("An idle loop takes no turns")
    func idleLoopRests() async throws {
        try await withLoop { loop in
            try await loop.run {}
            try await loop.run {}
            _ = loop.takeLoad()
            try await loop.run {}
            #expect(loop.takeLoad().turns <= 3)
        }
    }

    private nonisolated func onExecutor(_ loop: EventLoop) async -> Bool { loop.isOnLoop }
}
