import Kernel
import Logging
import NIOCore
import Synchronization

// The hub's loops. Each step is a method of its own, so that tests can take it without waiting.
extension LiveHub {
    /// Runs until the task is cancelled.
    package func run() async {
        await withTaskGroup { group in
            group.addTask { await self.sendWalls() }
            group.addTask { await self.deskWake.forEachRing { await self.sendDesks() } }
            group.addTask { await self.watch() }
            await group.waitForAll()
        }
    }

    private func sendWalls() async {
        await wallWake.forEachRing {
            let isFine = await self.sendWall()
            if !isFine { self.wallChanged() }
            // Changes that come during this pause ride in the next wall.
            let pause = isFine ? Limits.wallIntervalSpan : .seconds(1)
            try? await self.clock.sleep(pause)
        }
    }

    private func watch() async {
        while !Task.isCancelled {
            tick()
            try? await clock.sleep(.seconds(1))
        }
    }

    /// Sends the wall to all clients when it changed, else to those that have none yet.
    ///
    /// False when it cannot be read.
    package func sendWall() async -> Bool {
        let isDirty = state.withLock { state in
            defer { state.wallIsDirty = false }
            return state.wallIsDirty
        }
        let takers = isDirty ? clients : clients.filter(\.lacksWall)
        guard !takers.isEmpty else { return true }
        let data: ByteBuffer
        do {
            data = try ResourceWriter.bytes(try await source.wall())
        } catch {
            logger.warning("The wall cannot be read", metadata: ["error": "\(error)"])
            return false
        }
        let event = event("wall", data)
        let now = clock.instant()
        state.withLock { $0.lastWall = now }
        for client in takers { client.put(wall: event, now: now) }
        return true
    }

    /// Sends the desks that changed to their agents' pages.
    package func sendDesks() async {
        let agents = state.withLock { state in
            defer { state.dirtyDesks = [] }
            return state.dirtyDesks.sorted()
        }
        for agent in agents {
            let takers = clients.filter { $0.agent == agent }
            guard !takers.isEmpty else { continue }
            do {
                guard let desk = try await source.desk(agent) else { continue }
                let event = event("desk", try ResourceWriter.bytes(desk))
                let now = clock.instant()
                for client in takers { client.put(desk: event, now: now) }
            } catch {
                logger.warning("A desk cannot be read", metadata: ["agent": "\(agent)", "error": "\(error)"])
                // The desk stays wanted; the next second's look at the clocks brings it.
                state.withLock { _ = $0.dirtyDesks.insert(agent) }
            }
        }
    }

    /// Looks at the clocks: ends streams, keeps silent ones alive, refreshes the wall.
    package func tick() {
        let now = clock.instant()
        let wall = clock.wall()
        for (id, client) in state.withLock({ $0.clients }).sorted(by: { $0.key < $1.key }) {
            guard let ending = client.check(now: now, wall: wall) else { continue }
            end(client, id: id, ending, now: now)
        }
        let (isStale, wantsDesks) = state.withLock { state in
            let age = state.lastWall.map { now - $0 } ?? Limits.wallRefreshSpan
            return (!state.clients.isEmpty && age >= Limits.wallRefreshSpan, !state.dirtyDesks.isEmpty)
        }
        if isStale { wallChanged() }
        if wantsDesks { deskWake.signal() }
    }

    /// Ends all streams, because the site stops.
    package func stop() {
        let clients = state.withLock { state in
            state.isStopping = true
            return state.clients
        }
        let now = clock.instant()
        for (id, client) in clients { end(client, id: id, .stopping, now: now) }
    }

    private func end(_ client: LiveClient, id: UInt64, _ ending: LiveClient.Ending, now: Instant) {
        let data = ByteBuffer(string: "{\"reason\":\"\(ending.rawValue)\"}")
        client.end(ending, event: event("end", data), now: now)
        state.withLock { state in
            state.clients[id] = nil
            state.dropped[ending, default: 0] += 1
        }
        logger.info(
            "An event stream ended",
            metadata: ["account": "\(client.account)", "reason": "\(ending.rawValue)"]
        )
    }

    /// The figures.
    func families() -> [MetricFamily] {
        let (streams, dropped) = state.withLock { ($0.clients.count, $0.dropped) }
        let endings = [LiveClient.Ending.expired, .slow, .stopping].map { ending in
            MetricFamily.Sample(Double(dropped[ending] ?? 0), labels: ["reason": ending.rawValue])
        }
        return [
            MetricFamily(
                "tandem_event_streams",
                help: "Pages that listen to this site.",
                kind: .gauge,
                samples: [.init(Double(streams))]
            ),
            MetricFamily(
                "tandem_event_streams_ended_total",
                help: "Event streams that this site ended.",
                kind: .counter,
                samples: endings
            ),
        ]
    }
}
