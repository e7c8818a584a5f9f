import ContactCenter
import Kernel
import Logging
import Mesh
import Replication
import Routing
import SIP
import SiteCore
import Store
import Telephony
import Transport

/// Drives the core on the loop: sockets, timers and the disk become events, directives become I/O.
///
/// Confined to the loop. It decides nothing; see `CoreShell+Directives` for what each directive does.
final class CoreShell {
    /// What the shell works with; all of it belongs to the loop, or may be called from it without waiting.
    struct Tools {
        let loop: EventLoop
        let store: StoreThread
        let reader: SiteReader
        let blobs: BlobStore
        let recordings: RecordingDonor
        let outlet: LiveOutlet
        let logger: Logger
    }

    let tools: Tools
    var mesh: MeshNode?
    var sockets: SIPSockets?
    var media: SiteMedia?
    /// Looks for the trunks that are named by host.
    var targets: SIPTargetWatch?
    var machine: SiteMachine
    var replies: [CommandToken: (CommandReply) -> Void] = [:]
    var alarms: UInt64 = 0
    var framesSent: [String: UInt64] = [:]
    /// Frames that found no room, by kind: presence and live ops are repaired later.
    var framesDropped: [String: UInt64] = [:]
    /// Frames received that changed nothing, by reason.
    var framesIgnored: [String: UInt64] = [:]
    var requests = HeldRequests()
    private var timer: LoopTimer?
    private var refresh: LoopTimer?
    private var events: [SiteEvent] = []
    private var isHandling = false
    private var lastToken: UInt64 = 0
    private var drained: [() -> Void] = []

    init(_ machine: SiteMachine, tools: Tools) throws(TransportError) {
        self.machine = machine
        self.tools = tools
        timer = try LoopTimer.make(on: tools.loop) { [weak self] in self?.handle(.timer) }
        refresh = try LoopTimer.make(on: tools.loop) { [weak self] in self?.refreshWall() }
    }

    /// What the wall shows now.
    var view: SiteView { machine.view(at: tools.loop.now) }

    /// What an agent's desk shows now; nil when there is no such agent.
    func desk(_ agent: AgentID) -> DeskView? { machine.desk(agent, at: tools.loop.now) }

    /// What was decided about a live contact, newest first; empty when it is not known here.
    func decisions(about contact: ContactID) -> [DecisionRecord] {
        machine.decisions(about: contact, at: tools.loop.now)
    }

    /// Begins: closes what a crash left open, announces this site.
    func start() {
        isHandling = true
        for directive in machine.start(at: tools.loop.now) { carryOut(directive) }
        isHandling = false
        drainEvents()
        refreshWall()
    }

    /// Takes an event; one that comes up while another is handled waits its turn.
    func handle(_ event: SiteEvent) {
        tools.loop.assertOnLoop()
        events.append(event)
        if !isHandling { drainEvents() }
    }

    /// Puts a command to the core; `reply` is called exactly once, on the loop.
    func submit(_ command: SiteCommand, reply: @escaping (CommandReply) -> Void) {
        guard replies.count < Limits.shellCommandsMax else {
            return reply(.refused(.init(.unavailable, "The site has too many requests at once; try again.")))
        }
        lastToken += 1
        let token = CommandToken(lastToken)
        replies[token] = reply
        handle(.command(token, command))
    }

    /// Calls `done` once a draining site has nothing left to finish.
    func whenDrained(_ done: @escaping () -> Void) {
        drained.append(done)
        tellDrained()
    }

    /// Tells everybody who waits for the end of draining to go on now.
    func stopWaiting() {
        let waiting = drained
        drained = []
        for done in waiting { done() }
    }

    /// Ends all I/O of the core; commands without an answer are refused.
    func close() {
        timer?.close()
        refresh?.close()
        mesh?.close()
        targets?.close()
        sockets?.close()
        media?.close()
        let waiting = replies.sorted { $0.key < $1.key }
        replies = [:]
        for (_, reply) in waiting { reply(.refused(.init(.unavailable, "The site is stopping."))) }
    }

    private func refreshWall() {
        tools.outlet.wallChanged()
        refresh?.arm(after: Limits.wallRefresh)
    }

    private func drainEvents() {
        isHandling = true
        var next = 0
        while next < events.count {
            for directive in machine.handle(events[next], at: tools.loop.now) { carryOut(directive) }
            next += 1
        }
        events.removeAll(keepingCapacity: true)
        isHandling = false
        if let deadline = machine.nextDeadline { timer?.arm(at: deadline) } else { timer?.disarm() }
        tellDrained()
    }

    private func tellDrained() {
        if !drained.isEmpty, machine.isDrained { stopWaiting() }
    }
}
