import Kernel
import Replication

/// Gets what pages here want of other sites' recordings, and gives other sites what they ask for; see DESIGN.md.
///
/// It keeps no sound, here or there: each range that a page reads is one question to the site that has the file. What
/// that site has removed can be heard nowhere. Nothing is asked twice by itself: whoever listens presses again, and the
/// page goes on from where it was.
struct RecordingExchange: Sendable {
    /// What a page waits for.
    private struct Question: Sendable {
        let token: CommandToken
        let wish: RecordingWish
        let until: Instant
        var isSent = false
    }

    /// What a peer may read, since it has said who hears it.
    private struct Grant: Sendable {
        let peer: SiteID
        let place: RecordingPlace
        var until: Instant
    }

    /// For whom the disk does something.
    private struct Purpose: Sendable {
        let peer: SiteID
        let request: UInt64
        let place: RecordingPlace
        let isOpened: Bool
    }

    private var linked: Set<SiteID> = []
    private var questions: [UInt64: Question] = [:]
    private var grants: [UInt64: Grant] = [:]
    private var jobs: [UInt64: Purpose] = [:]
    private var outbox: [RecordingDirective] = []
    private var requestCounter: UInt64
    private var grantCounter: UInt64
    private var jobCounter: UInt64 = 0

    /// Starts without peers.
    ///
    /// Numbers begin with each life of the site where no earlier one has come: a grant of a life before must never open
    /// another file, and an answer never meet another question.
    init(incarnation: UInt64) {
        requestCounter = incarnation << 32
        grantCounter = incarnation << 32
    }

    /// When the next `timer` event is due; nil when nothing is pending.
    var nextDeadline: Instant? { questions.values.map(\.until).min() }

    /// Takes an event and tells what to do, in order.
    mutating func handle(_ event: RecordingEvent, at now: Instant) -> [RecordingDirective] {
        switch event {
        case .peerUp(let peer): linked.insert(peer)
        case .peerDown(let peer): peerDown(peer)
        case .frame(let peer, let bytes): receive(bytes, from: peer, now)
        case .wanted(let token, let wish, let until): want(wish, token, until: until)
        case .done(let job, let result): done(job, result, now)
        case .timer: break
        }
        for number in questions.keys.sorted() {
            guard let question = questions[number], question.until <= now else { continue }
            questions[number] = nil
            outbox.append(.answer(question.token, .late))
        }
        sendWaiting()
        defer { outbox = [] }
        return outbox
    }

    private mutating func peerDown(_ peer: SiteID) {
        linked.remove(peer)
        // The disk goes on with what was asked of it; the answers are not sent, also not over a later link.
        jobs = jobs.filter { $0.value.peer != peer }
        for number in questions.keys.sorted() {
            guard let question = questions[number], question.wish.site == peer else { continue }
            questions[number] = nil
            outbox.append(.away(question.token, peer))
        }
    }

    // MARK: Asking

    private mutating func want(_ wish: RecordingWish, _ token: CommandToken, until: Instant) {
        guard linked.contains(wish.site) else { return outbox.append(.away(token, wish.site)) }
        guard questions.count < Limits.recordingQuestionsMax else {
            return outbox.append(.answer(token, .refused(.busy)))
        }
        requestCounter += 1
        questions[requestCounter] = Question(token: token, wish: wish, until: until)
    }

    /// Sends what has its turn: so many at once to each peer, first come first served.
    private mutating func sendWaiting() {
        var flights: [SiteID: Int] = [:]
        for question in questions.values where question.isSent { flights[question.wish.site, default: 0] += 1 }
        for number in questions.keys.sorted() {
            guard let question = questions[number], !question.isSent,
                flights[question.wish.site, default: 0] < Limits.recordingFlightsPerPeerMax
            else { continue }
            flights[question.wish.site, default: 0] += 1
            questions[number]?.isSent = true
            switch question.wish {
            case .look(let peer, let place, let listener): send(.look(number, place, listener: listener), to: peer)
            case .read(let peer, let grant, let offset, let length):
                let length = min(max(length, 1), Limits.recordingPartBytesMax)
                send(.read(number, grant: grant, offset: offset, length: length), to: peer)
            }
        }
    }

    /// A peer has answered; an answer that does not fit to its question is as good as a damaged file.
    private mutating func answered(_ number: UInt64, _ reply: RecordingReply, by peer: SiteID) {
        guard let question = questions[number], question.wish.site == peer, question.isSent else { return }
        questions[number] = nil
        switch (question.wish, reply) {
        case (.look, .found), (_, .refused): outbox.append(.answer(question.token, reply))
        case (.read(_, _, _, let length), .part(let bytes)) where bytes.count <= length:
            outbox.append(.answer(question.token, reply))
        default: outbox.append(.answer(question.token, .refused(.unreadable)))
        }
    }

    // MARK: Messages

    private mutating func send(_ message: RecordingMessage, to peer: SiteID) {
        guard linked.contains(peer) else { return }
        outbox.append(.send(peer, RecordingCodec.encode(message)))
    }

    private mutating func receive(_ bytes: [UInt8], from peer: SiteID, _ now: Instant) {
        guard linked.contains(peer) else { return }
        let message: RecordingMessage
        do throws(FrameError) {
            message = try RecordingCodec.decode(bytes)
        } catch {
            outbox.append(.malformed(peer, error))
            return
        }
        switch message {
        case .look(let request, let place, let listener):
            let task = RecordingTask.look(place, listener: listener, from: peer)
            perform(task, for: Purpose(peer: peer, request: request, place: place, isOpened: listener != nil))
        case .read(let request, let grant, let offset, let length):
            read(request, grant, offset, length, for: peer, now)
        case .found(let number, let facts, let grant): answered(number, .found(facts, grant: grant), by: peer)
        case .part(let number, let bytes): answered(number, .part(bytes), by: peer)
        case .refused(let number, let why): answered(number, .refused(why), by: peer)
        case .unknown: break
        }
    }

    // MARK: Serving

    private mutating func read(
        _ request: UInt64,
        _ number: UInt64,
        _ offset: Int,
        _ length: Int,
        for peer: SiteID,
        _ now: Instant
    ) {
        guard let grant = grants[number], grant.peer == peer, now < grant.until else {
            return send(.refused(request, .notOpen), to: peer)
        }
        grants[number]?.until = now + Limits.recordingOpenMax
        let task = RecordingTask.read(grant.place, offset: offset, length: length)
        perform(task, for: Purpose(peer: peer, request: request, place: grant.place, isOpened: false))
    }

    private mutating func perform(_ task: RecordingTask, for purpose: Purpose) {
        let own = jobs.values.count { $0.peer == purpose.peer }
        guard own < Limits.recordingServesPerPeerMax, jobs.count < Limits.recordingServesMax else {
            return send(.refused(purpose.request, .busy), to: purpose.peer)
        }
        jobCounter += 1
        jobs[jobCounter] = purpose
        outbox.append(.perform(RecordingJob(jobCounter, task)))
    }

    /// The disk has done something for a peer.
    private mutating func done(_ number: UInt64, _ result: RecordingResult, _ now: Instant) {
        guard let purpose = jobs.removeValue(forKey: number) else { return }
        switch result {
        case .found(let facts):
            let grant = purpose.isOpened ? open(purpose, now) : 0
            send(.found(purpose.request, facts, grant: grant), to: purpose.peer)
        case .bytes(let bytes) where !bytes.isEmpty:
            send(.part(purpose.request, Array(bytes.prefix(Limits.recordingPartBytesMax))), to: purpose.peer)
        // A range beyond the end is asked for by nobody who knows the size.
        case .bytes: send(.refused(purpose.request, .unreadable), to: purpose.peer)
        case .refused(let why): send(.refused(purpose.request, why), to: purpose.peer)
        }
    }

    /// Lets a peer read what the disk has noted as opened.
    private mutating func open(_ purpose: Purpose, _ now: Instant) -> UInt64 {
        grants = grants.filter { now < $0.value.until }
        let own = grants.filter { $0.value.peer == purpose.peer }
        if own.count >= Limits.recordingsOpenPerPeerMax,
            let oldest = own.min(by: { ($0.value.until, $0.key) < ($1.value.until, $1.key) })
        {
            grants[oldest.key] = nil
        }
        grantCounter += 1
        grants[grantCounter] = Grant(
            peer: purpose.peer,
            place: purpose.place,
            until: now + Limits.recordingOpenMax
        )
        return grantCounter
    }
}
