import Synchronization
import Testing
import Transport

/// An actor that outlives its loop.
private actor Survivor {
    let loop: EventLoop
    private var count = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop) {
        self.loop = loop
    }

    func increment() -> Int {
        loop.assertOnLoop()
        count += 1
        return count
    }

    func stopOwnLoop() async {
        await loop.stop()
    }
}

@Suite("Stopping the event loop", .timeLimit(.minutes(1)))
struct EventLoopStopTests {
    @Test("All work given before the stop is done when it returns")
    func workBeforeStop() async throws {
        let loop = try EventLoop(name: "test")
        let done = Mutex(0)
        for _ in 0..<1_000 { loop.execute { done.withLock { $0 += 1 } } }
        await loop.stop()
        #expect(done.withLock { $0 } == 1_000)
    }

    @Test("Stopping closes open sockets and tells their owners")
    func stopCloses() async throws {
        let loop = try EventLoop(name: "test")
        let closed = Mailbox<String>()
        let accepted = Mailbox<Bool>()
        try await loop.run {
            let listener = try TCPListener.listen(on: loop, at: .loopback(port: 0)) { connection in
                connection.onClose = { _ in closed.put("server") }
                connection.startReading()
                accepted.put(true)
            }
            try TCPConnection.connect(on: loop, to: listener.localAddress) { result in
                guard case .success(let connection) = result else { return }
                connection.onClose = { _ in closed.put("client") }
                connection.startReading()
                accepted.put(true)
            }
        }
        _ = try await (accepted.next(), accepted.next())
        await loop.stop()
        #expect(closed.count == 2)
    }

    @Test("An actor on a stopped loop still runs, one job after another")
    func lateJobsRun() async throws {
        let loop = try EventLoop(name: "test")
        let survivor = Survivor(loop: loop)
        #expect(await survivor.increment() == 1)
        await loop.stop()
        let counts = await withTaskGroup { group in
            for _ in 0..<100 { group.addTask { await survivor.increment() } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts.sorted() == Array(2...101))
    }

    @Test("An actor may stop the loop that it runs on")
    func stopFromInside() async throws {
        let loop = try EventLoop(name: "test")
        let survivor = Survivor(loop: loop)
        await survivor.stopOwnLoop()
        #expect(await survivor.increment() == 1)
    }

    @Test("Stopping twice, and at once from several tasks, is harmless")
    func stopTwice() async throws {
        let loop = try EventLoop(name: "test")
        await withTaskGroup { group in
            for _ in 0..<4 { group.addTask { await loop.stop() } }
        }
        await loop.stop()
        #expect(!loop.isOnLoop)
    }

    @Test("A stopped loop refuses new sockets and timers with a reason")
    func refusesAfterStop() async throws {
        let loop = try EventLoop(name: "test")
        await loop.stop()
        let error = await transportError {
            try await loop.run { _ = try LoopTimer.make(on: loop) {} }
        }
        #expect(error?.code == .loopStopped)
    }

    @Test("A stopped loop is freed with its last reference")
    func freed() async throws {
        weak var gone: EventLoop?
        do {
            let loop = try EventLoop(name: "test")
            gone = loop
            try await loop.run {}
            await loop.stop()
        }
        while gone != nil { await Task.yield() }
        #expect(gone == nil)
    }
}
