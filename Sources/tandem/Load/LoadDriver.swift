import Foundation
import Kernel
import SIP
import Simulation
import Synchronization
import Telephony
import Transport
import UnixSignals

/// Runs a load plan over real sockets: one loop, one SIP port for all callers and phones.
struct LoadDriver {
    let sites: [LoadSite]
    let agents: Int
    let passwords: Passwords

    /// Runs to the plan's end, or until Ctrl-C when there is none; prints a line a second on a terminal, and a line
    /// a minute otherwise.
    func run(_ plan: LoadPlan, seconds: Int64?) async throws -> LoadFigures {
        let loop = try EventLoop(name: "load")
        let line = try await loop.run { LoopBound(try LoadLine(plan, on: loop), on: loop) }
        let signal = StopSignal()
        let watch = Task { await signal.watch() }
        let desks = Task { await LoadDesks(sites: sites, agents: agents, password: passwords.agent).run() }
        try await loop.run { line.value.start() }
        var shown = 0
        while !signal.isRaised, try await !loop.run({ line.value.isFinished }) {
            let figures = try await loop.run { line.value.figures }
            Terminal.progress(LoadResult(figures).line)
            shown += 1
            if shown % 60 == 0, isatty(STDERR_FILENO) == 0 { Terminal.error(LoadResult(figures).line) }
            try await Task.sleep(for: .seconds(1))
        }
        Terminal.endProgress()
        watch.cancel()
        desks.cancel()
        let figures = try await loop.run { line.value.stop() }
        await desks.value
        try await loop.run { line.value.close() }
        await loop.stop()
        return figures
    }
}

/// The sockets and the timer of a load run; confined to the loop.
private final class LoadLine {
    private let loop: EventLoop
    private var run: LoadRun
    private var sockets: SIPSockets?
    private var timer: LoopTimer?

    init(_ plan: LoadPlan, on loop: EventLoop) throws(TransportError) {
        self.loop = loop
        run = LoadRun(plan, advertised: [:], secret: [], random: SeededRandom(seed: 0))
        guard let address = SocketAddress(host: "127.0.0.1", port: 0) else {
            throw TransportError(.system, "The loopback address cannot be used.")
        }
        let sockets = try SIPSockets.open(at: address, on: loop) { [weak self] in self?.take($0) }
        let own = SIPAddress(host: sockets.localAddress.host, port: sockets.localAddress.port)
        run = LoadRun(
            plan,
            advertised: [.udp: own, .tcp: own],
            secret: (0..<32).map { _ in UInt8.random(in: .min ... .max) },
            random: SeededRandom(seed: .random(in: .min ... .max))
        )
        self.sockets = sockets
        timer = try LoopTimer.make(on: loop) { [weak self] in self?.advance() }
    }

    var figures: LoadFigures { run.figures }

    var isFinished: Bool { run.isFinished && run.plan.duration != nil }

    func start() { carryOut(run.start(now: loop.now)) }

    /// Ends calls and registrations; the answers are not waited for.
    func stop() -> LoadFigures {
        let figures = run.figures
        carryOut(run.stop(now: loop.now))
        return figures
    }

    func close() {
        timer?.close()
        sockets?.close()
    }

    private func take(_ event: SIPSocketEvent) {
        switch event {
        case .packet(let packet): carryOut(run.receive(packet, now: loop.now))
        case .flowClosed(let flow): carryOut(run.flowClosed(flow, now: loop.now))
        case .notSent, .refused: break  // a transaction's timer deals with it
        }
    }

    private func advance() { carryOut(run.advance(now: loop.now)) }

    private func carryOut(_ outputs: [SIPOutput]) {
        for output in outputs {
            switch output {
            case .send(let packet): sockets?.send(packet)
            case .closeFlow(let flow, _): sockets?.close(flow: flow)
            case .event: break  // the run has taken its own events already
            }
        }
        if let deadline = run.nextDeadline { timer?.arm(at: deadline) } else { timer?.disarm() }
    }
}

/// Notices Ctrl-C and SIGTERM.
private final class StopSignal: Sendable {
    private let isNoticed = Mutex(false)

    /// Watches until the first of them, or until the task is cancelled.
    func watch() async {
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
            isNoticed.withLock { $0 = true }
            return
        }
    }

    /// True once one of them came.
    var isRaised: Bool { isNoticed.withLock(\.self) }
}
