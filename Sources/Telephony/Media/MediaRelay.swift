package import Calls
package import Kernel
package import Transport

/// The media relays of a site: carries out jobs, in order for each session, and tells what became of them.
///
/// Every job ends in exactly one `done`, at the latest when its relay has been silent for all tries. A session stays
/// with its relay; new ones go to the relay with the fewest among those that answer. Confined to the loop; events come
/// on the loop, never before the call that caused them returns.
package final class MediaRelay {
    /// What it works with.
    package struct Settings: Sendable {
        /// Where relays take requests.
        package var relays: [SocketAddress]
        /// Where relays report pressed keys; nil hears of none.
        package var digits: SocketAddress?
        /// Where the mixer takes requests; nil mixes nobody.
        package var mixer: SocketAddress?
        /// Whether the mixer's parties may be behind translating routers.
        package var isMixerSymmetric: Bool
        /// The clips.
        package var sounds: SoundFolder
        /// A request is sent again after so long.
        package var retryInterval: Span
        /// How often it is sent in all.
        package var triesMax: Int
        /// How often relays are asked whether they live.
        package var pingInterval: Span

        /// Makes settings.
        package init(
            relays: [SocketAddress],
            digits: SocketAddress?,
            mixer: SocketAddress? = nil,
            isMixerSymmetric: Bool = false,
            sounds: SoundFolder,
            retryInterval: Span = Limits.relayRetryInterval,
            triesMax: Int = Limits.relayTriesMax,
            pingInterval: Span = Limits.relayPingInterval
        ) {
            self.relays = Array(relays.prefix(Limits.relaysMax))
            self.digits = digits
            self.mixer = mixer
            self.isMixerSymmetric = isMixerSymmetric
            self.sounds = sounds
            self.retryInterval = retryInterval
            self.triesMax = triesMax
            self.pingInterval = pingInterval
        }
    }

    /// What is asked to make a recording: the session, the relay's ports of each side, and whom to tell the outcome.
    package typealias Archive = (MediaSession, [MediaSide: Set<UInt16>], @escaping (MediaResult) -> Void) -> Void

    /// Sessions that live at relays.
    package var sessionCount: Int { sessions.count }
    /// Relays that answer.
    package var relaysUp: Int { relays.count(where: \.isUp) }
    /// Where it hears of pressed keys; the port is the real one if 0 was asked for.
    package var digitAddress: SocketAddress? { digits?.localAddress }
    /// Whether there is a mixer that answers.
    package var isMixerUp: Bool { mixer?.isUp ?? false }

    struct Relay {
        let address: SocketAddress
        var isUp = false
        var sessions = 0
        /// Its sessions in the order in which it is asked whether it still has them.
        var line: [MediaSession] = []
        /// How many of them have been looked at.
        var looked = 0
    }

    let loop: EventLoop
    let settings: Settings
    let client: RelayClient
    let archive: Archive
    let tell: (MediaRelayEvent) -> Void
    var relays: [Relay]
    var sessions: [MediaSession: MediaSessionState] = [:]
    private var digits: UDPSocket?
    private let mixer: MediaMixer?
    private var pings: LoopTimer?
    private(set) var isClosed = false

    /// Opens sockets and begins to ask the relays whether they live.
    package static func open(
        _ settings: Settings,
        on loop: EventLoop,
        archive: @escaping Archive,
        events: @escaping (MediaRelayEvent) -> Void
    ) throws(TransportError) -> MediaRelay {
        let client = try RelayClient(on: loop, retryInterval: settings.retryInterval, triesMax: settings.triesMax)
        let relay = MediaRelay(settings, loop, client, archive, events)
        do throws(TransportError) {
            relay.pings = try LoopTimer.make(on: loop) { [weak relay] in relay?.pingAll() }
            if let address = settings.digits {
                relay.digits = try UDPSocket.bind(on: loop, to: address) { [weak relay] bytes, sender in
                    relay?.heard(bytes, from: sender)
                }
            }
        } catch {
            relay.close()
            throw error
        }
        relay.pings?.arm(after: .zero)
        return relay
    }

    private init(
        _ settings: Settings,
        _ loop: EventLoop,
        _ client: RelayClient,
        _ archive: @escaping Archive,
        _ events: @escaping (MediaRelayEvent) -> Void
    ) {
        self.loop = loop
        self.settings = settings
        self.client = client
        self.archive = archive
        tell = events
        relays = settings.relays.map { Relay(address: $0) }
        mixer = settings.mixer.map { MediaMixer($0, isSymmetric: settings.isMixerSymmetric, loop, client, events) }
    }

    /// Takes a job; its `done` follows.
    package func perform(_ job: MediaJob) {
        loop.assertOnLoop()
        guard !isClosed else { return refuse(job, "the site is stopping") }
        switch job.request {
        case .mixOpen, .mixTake, .mixHearing, .mixClose, .mixEnd:
            guard let mixer else { return refuse(job, "no mixer is configured") }
            return mixer.perform(job)
        default: break
        }
        guard let state = state(for: job) else { return }
        guard state.jobs.count < Limits.mediaJobsPerSessionMax else {
            return refuse(job, "too many jobs wait for this media session")
        }
        state.jobs.append(job)
        if state.jobs.count == 1 { start(job, in: state) }
    }

    /// Ends everything; jobs under way fail.
    ///
    /// Sessions at the relays stay, so that calls go on.
    package func close() {
        guard !isClosed else { return }
        isClosed = true
        pings?.close()
        digits?.close()
        for state in sessions.values { for player in state.players.values { player.timer?.close() } }
        client.close()
    }

    private func state(for job: MediaJob) -> MediaSessionState? {
        if let state = sessions[job.session] { return state }
        switch job.request {
        case .offer: break
        case .end:
            // What never began is over already.
            loop.schedule { self.tell(.done(job.number, .done)) }
            return nil
        default:
            refuse(job, "the media relay has no such session")
            return nil
        }
        guard sessions.count < Limits.mediaSessionsMax else {
            refuse(job, "too many media sessions")
            return nil
        }
        let up = relays.indices.filter { relays[$0].isUp }
        guard let chosen = up.min(by: { relays[$0].sessions < relays[$1].sessions }) else {
            refuse(job, relays.isEmpty ? "no media relay is configured" : "no media relay answers")
            return nil
        }
        relays[chosen].sessions += 1
        relays[chosen].line.append(job.session)
        let state = MediaSessionState(job.session, relay: chosen)
        sessions[job.session] = state
        return state
    }

    private func refuse(_ job: MediaJob, _ reason: String) {
        loop.schedule { self.tell(.done(job.number, .failed(reason))) }
    }

    private func pingAll() {
        for index in relays.indices {
            client.ask(RelayCommand.ping, of: relays[index].address) { [weak self] answer in
                if case .ok = answer { self?.note(index, isUp: true) } else { self?.note(index, isUp: false) }
            }
            probe(index)
        }
        mixer?.ping()
        pings?.arm(after: settings.pingInterval)
    }

    /// Notes whether a relay answers, and tells when that changes what the site has.
    func note(_ index: Int, isUp: Bool) {
        guard !isClosed, relays[index].isUp != isUp else { return }
        let before = relaysUp > 0
        relays[index].isUp = isUp
        let after = relaysUp > 0
        if after != before {
            tell(.health(isUp: after))
        } else if !isUp {
            let lost = sessions.values.filter { $0.relay == index && !$0.isEnding }.map(\.session).sorted()
            if !lost.isEmpty { tell(.lost(lost)) }
        }
    }

    private func heard(_ bytes: [UInt8], from sender: SocketAddress) {
        // Reports come from any port, but only from where a relay is.
        guard relays.contains(where: { $0.address.host == sender.host }), let report = DigitReport.read(bytes),
            sessions[report.session] != nil
        else { return }
        tell(.digit(report.session, report.side, report.digit))
    }
}
