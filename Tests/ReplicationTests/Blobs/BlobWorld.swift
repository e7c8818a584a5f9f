import Kernel
import Replication

/// Some sites with exchanges of blobs, links between all of them, and a clock that jumps to what is next.
struct BlobWorld {
    struct Site {
        let id: SiteID
        var exchange = BlobExchange()
        var disk = InMemoryBlobs()
        /// Jobs of earlier lives are void.
        var life = 0
        var arrived: [BlobID] = []
        var gaveUp: [BlobID: BlobFailure] = [:]
        var mismatches: [[SiteID]] = []
        var partsSent = 0
        /// What the disk answers instead, while it is broken.
        var diskFailure: String?
    }

    private enum Happening {
        case frame(Int, Int, [UInt8])
        case done(Int, life: Int, BlobJob)
    }

    var sites: [Site]
    var now = Instant.zero
    var random: SeededRandom
    /// Of a hundred frames so many are lost.
    var loss = 0
    var delay: ClosedRange<Int64> = 1...20
    /// Pairs (lower first) without a link.
    var cuts: Set<[Int]> = []
    private var happenings: [(at: Instant, number: Int, Happening)] = []
    private var counter = 0

    init(_ count: Int, seed: UInt64 = 1) {
        random = SeededRandom(seed: seed)
        sites = (0..<count).compactMap { SiteID("site\($0)").map { Site(id: $0) } }
        for low in 0..<count { for high in low + 1..<max(count, low + 1) { link(low, high) } }
    }

    mutating func cut(_ left: Int, _ right: Int) {
        guard cuts.insert([min(left, right), max(left, right)]).inserted else { return }
        tell(left, .peerDown(sites[right].id))
        tell(right, .peerDown(sites[left].id))
    }

    mutating func link(_ left: Int, _ right: Int) {
        cuts.remove([min(left, right), max(left, right)])
        tell(left, .peerUp(sites[right].id))
        tell(right, .peerUp(sites[left].id))
    }

    /// The process of a site dies and starts again; the disk stays.
    mutating func restart(_ index: Int) {
        let others = sites.indices.filter { $0 != index && !cuts.contains([min($0, index), max($0, index)]) }
        for other in others { cut(index, other) }
        sites[index].exchange = BlobExchange()
        sites[index].life += 1
        for other in others { link(index, other) }
    }

    mutating func tell(_ index: Int, _ event: BlobEvent) {
        for directive in sites[index].exchange.handle(event, at: now) {
            switch directive {
            case .send(let peer, let bytes):
                guard let to = sites.firstIndex(where: { $0.id == peer }) else { continue }
                if case .part = try? BlobCodec.decode(bytes) { sites[index].partsSent += 1 }
                guard Int.random(in: 0..<100, using: &random) >= loss else { continue }
                plan(.frame(index, to, bytes))
            case .perform(let job): plan(.done(index, life: sites[index].life, job))
            case .arrived(let blob, _): sites[index].arrived.append(blob)
            case .gaveUp(let blob, let why): sites[index].gaveUp[blob] = why
            case .mismatched(_, let from): sites[index].mismatches.append(from)
            case .malformed(let peer, _): fatalError("\(peer) sent nonsense")
            }
        }
    }

    private mutating func plan(_ happening: Happening) {
        counter += 1
        happenings.append((now + .milliseconds(Int64.random(in: delay, using: &random)), counter, happening))
    }

    /// Lets the next thing happen; false when there is none.
    mutating func step() -> Bool {
        let next = happenings.indices.min {
            (happenings[$0].at, happenings[$0].number) < (happenings[$1].at, happenings[$1].number)
        }
        let timers = sites.indices.compactMap { index in sites[index].exchange.nextDeadline.map { (index, $0) } }
        if let timer = timers.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }),
            next.map({ timer.1 < happenings[$0].at }) ?? true
        {
            now = max(now, timer.1)
            tell(timer.0, .timer)
            return true
        }
        guard let next else { return false }
        let (at, _, happening) = happenings.remove(at: next)
        now = max(now, at)
        switch happening {
        case .frame(let from, let to, let bytes):
            if !cuts.contains([min(from, to), max(from, to)]) { tell(to, .frame(sites[from].id, bytes)) }
        case .done(let index, let life, let job):
            guard life == sites[index].life else { return true }
            let result =
                sites[index].diskFailure.map { BlobResult.failed(reason: $0) } ?? sites[index].disk.perform(job.task)
            tell(index, .done(job.number, result))
        }
        return true
    }

    /// Goes on until `condition` holds; false when it does not within the time.
    mutating func run(for span: Span = .seconds(60), until condition: (BlobWorld) -> Bool = { _ in false }) -> Bool {
        let end = now + span
        while now < end {
            if condition(self) { return true }
            if !step() { break }
        }
        return condition(self)
    }

    /// A content that no other is like; no two parts of it are the same.
    mutating func content(_ count: Int) -> [UInt8] {
        let block = (0..<min(count, 251)).map { _ in UInt8.random(in: 0...255, using: &random) }
        var result: [UInt8] = []
        while result.count < count { result += block }
        return Array(result.prefix(count))
    }
}
