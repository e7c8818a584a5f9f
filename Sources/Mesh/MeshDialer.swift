import Kernel
import Transport

/// Makes the connection to one peer, and again when it is lost.
///
/// Confined to the loop.
final class MeshDialer {
    private(set) var peer: MeshPeer
    /// A connection was made; the answer tells the dialer when the link on it was up, and when it is gone.
    private let connected: (TCPConnection, MeshPeer) -> Void
    /// It could not be reached.
    private let failed: (SiteID, MeshReason) -> Void

    private let loop: EventLoop
    private var random: SeededRandom
    private var delay = RetryDelay()
    private var attempts = 0
    private var timer: LoopTimer?
    private var connecting: TCPConnection?
    private var isActive = false
    /// Counts starts and stops, so that an answer to an old question is recognised.
    private var generation = 0

    init(
        _ peer: MeshPeer,
        on loop: EventLoop,
        random: SeededRandom,
        connected: @escaping (TCPConnection, MeshPeer) -> Void,
        failed: @escaping (SiteID, MeshReason) -> Void
    ) throws(TransportError) {
        self.peer = peer
        self.loop = loop
        self.random = random
        self.connected = connected
        self.failed = failed
        timer = try LoopTimer.make(on: loop) { [weak self] in self?.resolve() }
    }

    /// Dials at once, and goes on until `stop`.
    func start() {
        guard !isActive else { return }
        isActive = true
        generation += 1
        delay.reset()
        resolve()
    }

    /// Gives up dialling; a link already made is not touched.
    func stop() {
        isActive = false
        generation += 1
        timer?.disarm()
        connecting?.close()
        connecting = nil
    }

    /// Ends for good.
    func close() {
        stop()
        timer?.close()
    }

    /// Dials another address from the next time on.
    func move(to peer: MeshPeer) {
        self.peer = peer
    }

    /// The link is gone, or never came up: dials again after a wait.
    ///
    /// A link that held for a while counts as success.
    func linkEnded(after held: Span?) {
        guard isActive else { return }
        if let held, held >= Limits.meshStableAfter { delay.reset() }
        timer?.arm(after: delay.next(using: &random))
    }

    private func resolve() {
        guard isActive else { return }
        let question = generation
        AddressResolver.resolve(peer.host, port: peer.port, on: loop) { [weak self] answer in
            guard let self, isActive, generation == question else { return }
            switch answer {
            case .success(let addresses): dial(addresses)
            case .failure(let error): fail(error)
            }
        }
    }

    private func dial(_ addresses: [SocketAddress]) {
        let address = addresses[attempts % addresses.count]
        attempts += 1
        let question = generation
        do {
            connecting = try TCPConnection.connect(on: loop, to: address, timeout: Limits.meshConnectTimeout) {
                [weak self] result in
                guard let self, isActive, generation == question else {
                    if case .success(let connection) = result { connection.close() }
                    return
                }
                connecting = nil
                switch result {
                case .success(let connection): connected(connection, peer)
                case .failure(let error): fail(error)
                }
            }
        } catch {
            fail(error)
        }
    }

    private func fail(_ error: TransportError) {
        failed(peer.site, MeshReason(error))
        linkEnded(after: nil)
    }
}
