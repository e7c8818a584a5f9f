import Kernel
import Replication
import SiteCore
import Testing

@Suite("Attachments in the core")
struct BlobTests {
    private let blob = BlobID(of: [1, 2, 3])

    private func answer(_ site: inout LoneSite, _ disk: inout InMemoryBlobs) {
        while !site.jobs.isEmpty {
            let job = site.jobs.removeFirst()
            let result = disk.perform(job.task)
            site.take(site.machine.handle(.blobDone(job.number, result), at: site.now))
        }
    }

    @Test("What is on the disk is told at once, to all who asked")
    func here() throws {
        var site = try LoneSite()
        var disk = InMemoryBlobs()
        _ = disk.add([1, 2, 3])
        let tokens = (0..<3).map { _ in site.ask(.fetchBlob(blob, patience: .seconds(5))) }
        #expect(site.jobs.count == 1)
        answer(&site, &disk)
        for token in tokens { #expect(site.replies[token] == .blob(.here(size: 3))) }
    }

    @Test("Without a site that has it the answer comes when the patience is over, and the wish lives on")
    func nobody() throws {
        var site = try LoneSite()
        var disk = InMemoryBlobs()
        let token = site.ask(.fetchBlob(blob, patience: .seconds(5)))
        answer(&site, &disk)
        #expect(site.replies[token] == nil)
        site.pass(.seconds(4))
        #expect(site.replies[token] == nil)
        site.pass(.seconds(1))
        #expect(site.replies[token] == .blob(.coming(BlobProgress(length: 0, size: nil, donor: nil))))
        site.pass(Limits.blobInterest)
        site.pass(Limits.blobRest)
        #expect(site.lines.contains { $0.event == "blob.given-up" })
    }

    @Test("More who wait than the bound are refused")
    func bound() throws {
        var site = try LoneSite()
        let tokens = (0...Limits.commandsWaitingMax).map { _ in site.ask(.fetchBlob(blob, patience: .seconds(5))) }
        guard case .refused(let refusal) = site.replies[tokens[tokens.count - 1]] else {
            Issue.record("the last one was let in")
            return
        }
        #expect(refusal.code == .unavailable)
    }
}
