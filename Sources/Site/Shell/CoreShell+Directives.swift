import ContactCenter
import Kernel
import Logging
import Mesh
import Replication
import SiteCore
import Store
import Telephony
import Transport
import WebAPI

extension CoreShell {
    /// Does what the core wants done.
    func carryOut(_ directive: SiteDirective) {
        switch directive {
        case .sendSIP(let packet): sockets?.send(packet)
        case .closeSIPFlow(let flow): sockets?.close(flow: flow)
        case .sendFrame(let frame, let peer): send(frame, to: peer)
        case .commit(let batch): commit(batch)
        case .query(let token, let query): ask(token, query)
        case .blob(let job): perform(job)
        case .recording(let job): perform(job)
        case .media(let job): perform(job)
        case .reply(let token, let reply): replies.removeValue(forKey: token)?(reply)
        case .viewChanged(.wall): tools.outlet.wallChanged()
        case .viewChanged(.desk(let agent)): tools.outlet.deskChanged(agent)
        case .notice(let agent, let notice): tools.outlet.notify(notice, agent: agent)
        case .closeLink(let peer, let reason): mesh?.dismiss(peer, because: MeshReason(.dismissed, reason))
        case .log(let line): log(line)
        case .alarm(let line):
            alarms += 1
            tools.logger.critical("\(line.event)", metadata: line.metadata)
        }
    }

    private func commit(_ batch: CommitBatch) {
        let work = LedgerWork(
            wall: batch.wall,
            received: batch.applications.map(\.batch),
            requests: batch.edits,
            tasks: batch.tasks
        )
        let loop = tools.loop
        let shell = LoopBound(self, on: loop)
        tools.store.submit(work) { result in
            loop.execute {
                switch result {
                case .success(let done):
                    let answer = BatchResult(
                        token: batch.token,
                        applied: done.applied,
                        edits: done.edits,
                        tasks: done.tasks
                    )
                    shell.value.handle(.committed(answer))
                case .failure(let failure):
                    shell.value.handle(.commitFailed(batch.token, reason: failure.message))
                }
            }
        }
    }

    private func ask(_ token: QueryToken, _ query: SiteQuery) {
        let loop = tools.loop, reader = tools.reader
        let shell = LoopBound(self, on: loop)
        Task.detached {
            let answer = await reader.answer(query)
            loop.execute { shell.value.handle(.queryAnswered(token, answer)) }
        }
    }

    private func perform(_ job: BlobJob) {
        let loop = tools.loop
        let shell = LoopBound(self, on: loop)
        tools.blobs.submit(job.task) { result in
            loop.execute { shell.value.handle(.blobDone(job.number, result)) }
        }
    }

    private func perform(_ job: RecordingJob) {
        let loop = tools.loop, recordings = tools.recordings
        let shell = LoopBound(self, on: loop)
        Task.detached {
            let result = await recordings.perform(job.task)
            loop.execute { shell.value.handle(.recordingDone(job.number, result)) }
        }
    }

    private func log(_ line: TraceLine) {
        let level: Logger.Level =
            switch line.level {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        tools.logger.log(level: level, "\(line.event)", metadata: line.metadata)
    }
}

extension SiteReader {
    /// Answers what the core asks the store.
    fileprivate func answer(_ query: SiteQuery) async -> QueryAnswer {
        do {
            switch query {
            case .lookUpCaller(let number):
                return .caller(try await lookUpCaller(number: number).map(CallerFile.init))
            case .readOps(let request):
                let read = try await ops(request)
                return .ops(read.batch, damaged: read.damaged)
            case .readZone(let name):
                // The system's own tables: read on this side of the wall between rules and machine.
                return .zone(try? ZoneTables.table(name, around: SystemClock.now.wall))
            }
        } catch {
            return .failed(reason: "\(error)")
        }
    }
}

extension CallerFile {
    init(_ match: CallerMatch) {
        self.init(
            customer: match.customer,
            name: match.name,
            tier: Int(match.tier.rawValue),
            latestTicket: match.latestTicket,
            latestOwner: match.latestOwner,
            score: match.score,
            language: match.language
        )
    }
}

extension TraceLine {
    fileprivate var metadata: Logger.Metadata {
        Dictionary(fields.map { ($0.name, .string($0.value)) }) { first, _ in first }
    }
}
