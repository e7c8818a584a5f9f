package import Kernel
package import SIP
package import Transport

/// Knows where the trunks are: looks their names up, again when an answer is too old, and tells what has changed.
///
/// When a name cannot be found, the last good answer stands. Confined to the loop; events come on it. Keep it until
/// `close()`.
package final class SIPTargetWatch {
    /// What became of a name.
    package enum News: Hashable, Sendable {
        /// A trunk is at other addresses than before, the best first.
        case found(SIPTarget, [SIPAddress])
        /// A trunk's name can no longer be found, and why; said once until it is found again.
        case lost(SIPTarget, reason: String)
    }

    /// What is known of one target.
    private final class Entry {
        let target: SIPTarget
        var addresses: [SIPAddress] = []
        var isLost = false
        var timer: LoopTimer?

        init(_ target: SIPTarget) {
            self.target = target
        }
    }

    private let loop: EventLoop
    private let locator: SIPLocator
    private let retry: Span
    private var random: SeededRandom
    private let tell: (News) -> Void
    private var entries: [Entry] = []
    private var isClosed = false

    /// Prepares to watch; `start` begins.
    ///
    /// `random` spreads the load over the hosts of one priority; `retry` is the time between two tries of a name that
    /// is not found.
    package init(
        _ targets: [SIPTarget],
        by locator: SIPLocator,
        on loop: EventLoop,
        random: SeededRandom,
        retry: Span = Limits.sipNameRetry,
        news: @escaping (News) -> Void
    ) {
        self.loop = loop
        self.locator = locator
        self.retry = retry
        self.random = random
        tell = news
        entries = targets.map { Entry($0) }
    }

    /// Tells the numeric addresses at once and begins to look the names up.
    package func start() {
        loop.assertOnLoop()
        for entry in entries {
            if let address = entry.target.numeric {
                entry.addresses = [address]
                tell(.found(entry.target, entry.addresses))
            } else {
                entry.timer = try? LoopTimer.make(on: loop) { [weak self, unowned entry] in self?.lookUp(entry) }
                lookUp(entry)
            }
        }
    }

    /// Looks nothing up any more.
    package func close() {
        loop.assertOnLoop()
        isClosed = true
        for entry in entries { entry.timer?.close() }
        entries = []
    }

    private func lookUp(_ entry: Entry) {
        guard !isClosed else { return }
        let target = entry.target, locator = locator, chance = random.split()
        LoopWorker.run(on: loop) {
            Result { () throws(SIPLocator.Failure) in try locator.locate(target, random: chance) }
        } completion: { [weak self] result in
            self?.answered(entry, result)
        }
    }

    private func answered(_ entry: Entry, _ result: Result<SIPLocator.Place, SIPLocator.Failure>) {
        guard !isClosed else { return }
        switch result {
        case .success(let place):
            entry.timer?.arm(after: place.life)
            let isNews = entry.isLost || place.addresses != entry.addresses
            entry.isLost = false
            entry.addresses = place.addresses
            if isNews { tell(.found(entry.target, place.addresses)) }
        case .failure(let failure):
            entry.timer?.arm(after: retry)
            guard !entry.isLost else { return }
            entry.isLost = true
            tell(.lost(entry.target, reason: failure.description))
        }
    }
}
