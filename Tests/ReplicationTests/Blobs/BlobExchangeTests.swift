import Kernel
import Replication
import TestKit
import Testing

@Suite("Exchange of blobs")
struct BlobExchangeTests {
    static let size = 5 * Limits.blobPartBytesMax + 17

    @Test("A blob that a peer has is fetched in parts, and those who did not ask get nothing")
    func fetch() {
        var world = BlobWorld(3)
        let blob = world.sites[0].disk.add(world.content(Self.size))
        world.tell(1, .wanted(blob))
        let came = world.run { $0.sites[1].arrived == [blob] }
        #expect(came)
        #expect(world.sites[1].disk.whole[blob] == world.sites[0].disk.whole[blob])
        #expect(world.sites[0].partsSent == 6)
        #expect(world.sites[2].disk.whole.isEmpty && world.sites[2].exchange.count == 0)
        #expect(world.sites[1].exchange.nextDeadline == nil)
    }

    @Test("What is here already is not fetched")
    func alreadyHere() {
        var world = BlobWorld(2)
        let content = world.content(100)
        let blob = world.sites[0].disk.add(content)
        world.sites[1].disk.add(content)
        world.tell(1, .wanted(blob))
        #expect(world.run { $0.sites[1].arrived == [blob] })
        #expect(world.sites[0].partsSent == 0)
    }

    @Test("When the donor dies in the middle, the fetch goes on at the same place with another")
    func donorDies() {
        var world = BlobWorld(3)
        let content = world.content(Self.size)
        let blob = world.sites[0].disk.add(content)
        world.sites[2].disk.add(content)
        world.tell(1, .wanted(blob))
        #expect(world.run { ($0.sites[1].exchange.progress(of: blob)?.length ?? 0) >= 2 * Limits.blobPartBytesMax })
        let donor = world.sites[1].exchange.progress(of: blob)?.donor
        #expect(donor == world.sites[0].id)
        world.cut(0, 1)
        #expect(world.run { $0.sites[1].arrived == [blob] })
        // At most the part that was on its way is fetched twice.
        #expect(world.sites[2].partsSent <= 4)
        #expect(world.sites[0].partsSent + world.sites[2].partsSent <= 7)
    }

    @Test("After a restart the fetch goes on from what the disk holds")
    func restart() {
        var world = BlobWorld(2)
        let blob = world.sites[0].disk.add(world.content(Self.size))
        world.tell(1, .wanted(blob))
        #expect(world.run { ($0.sites[1].exchange.progress(of: blob)?.length ?? 0) >= 3 * Limits.blobPartBytesMax })
        world.restart(1)
        #expect(world.sites[1].exchange.count == 0)
        world.tell(1, .wanted(blob))
        #expect(world.run { $0.sites[1].arrived == [blob] })
        #expect(world.sites[0].partsSent <= 7)
    }

    @Test("All bytes on disk but not yet held against the name: the last part comes again and the blob is whole")
    func crashBeforeTheHash() {
        var world = BlobWorld(2)
        let content = world.content(Self.size)
        let blob = world.sites[0].disk.add(content)
        _ = world.sites[1].disk.perform(.append(blob, offset: 0, content, size: Self.size + 1))
        world.tell(1, .wanted(blob))
        #expect(world.run { $0.sites[1].arrived == [blob] })
        #expect(world.sites[0].partsSent == 1)
    }

    @Test("A peer with wrong bytes is told on, and the blob comes from another")
    func wrongBytes() {
        var world = BlobWorld(3)
        let content = world.content(Self.size)
        let blob = world.sites[2].disk.add(content)
        var wrong = content
        wrong[Self.size / 2] ^= 1
        world.sites[0].disk.put(wrong, as: blob)
        world.tell(1, .wanted(blob))
        #expect(world.run { $0.sites[1].arrived == [blob] })
        #expect(world.sites[1].disk.whole[blob] == content)
        #expect(world.sites[1].mismatches == [[world.sites[0].id]])
    }

    @Test("Wrong bytes alone are never shown; in the end the blob is given up")
    func onlyWrongBytes() {
        var world = BlobWorld(2)
        let content = world.content(1_000)
        let blob = BlobID(of: content)
        world.sites[0].disk.put(content.dropLast() + [content[999] ^ 1], as: blob)
        world.tell(1, .wanted(blob))
        #expect(world.run(for: .seconds(300)) { $0.sites[1].gaveUp[blob] == .damaged })
        #expect(world.sites[1].disk.whole.isEmpty)
        #expect(world.sites[1].mismatches.count <= Limits.blobMismatchesMax)
    }

    @Test("A blob comes over a third site when there is no link to the one that has it")
    func overAThird() {
        var world = BlobWorld(3)
        world.cut(0, 1)
        let blob = world.sites[0].disk.add(world.content(Self.size))
        world.tell(1, .wanted(blob))
        #expect(world.run { $0.sites[1].arrived == [blob] })
        #expect(world.now < .zero + .seconds(5))
        #expect(world.sites[2].exchange.count == 0)
    }

    @Test("A blob that nobody has is given up when nobody wants it any more, and nothing is left running")
    func nobody() {
        var world = BlobWorld(3)
        let blob = BlobID(of: [1])
        world.tell(1, .wanted(blob))
        #expect(world.run(for: .seconds(200)) { $0.sites[1].gaveUp[blob] == .nobodyHasIt })
        #expect(world.now >= .zero + Limits.blobInterest)
        _ = world.run(for: .seconds(120))
        #expect(world.sites.allSatisfy { $0.exchange.count == 0 && $0.exchange.nextDeadline == nil })
    }

    @Test("A peer that comes back with the blob is asked at once")
    func comesBack() {
        var world = BlobWorld(2)
        world.cut(0, 1)
        let blob = world.sites[0].disk.add(world.content(500))
        world.tell(1, .wanted(blob))
        #expect(!world.run(for: .seconds(10)) { !$0.sites[1].arrived.isEmpty })
        world.link(0, 1)
        let back = world.now
        #expect(world.run { $0.sites[1].arrived == [blob] })
        #expect(world.now - back < .seconds(1))
    }

    @Test("A disk that fails is tried again")
    func diskFails() {
        var world = BlobWorld(2)
        let blob = world.sites[0].disk.add(world.content(Self.size))
        world.tell(1, .wanted(blob))
        #expect(world.run { $0.sites[1].exchange.progress(of: blob)?.length ?? 0 > 0 })
        world.sites[1].diskFailure = "full"
        _ = world.run(for: .seconds(8))
        world.sites[1].diskFailure = nil
        #expect(world.run { $0.sites[1].arrived == [blob] })
    }

    @Test("More wishes than the bound are refused, all others are served a few at a time")
    func bounds() {
        var world = BlobWorld(2)
        let blobs = (0..<Limits.blobFetchesWaitingMax + 3).map { _ in world.sites[0].disk.add(world.content(40)) }
        for blob in blobs { world.tell(1, .wanted(blob)) }
        #expect(world.sites[1].gaveUp.count == 3)
        #expect(world.sites[1].gaveUp.values.allSatisfy { $0 == .tooMany })
        #expect(world.run { $0.sites[1].arrived.count == Limits.blobFetchesWaitingMax })
    }

    @Test("Whatever links lose and whoever restarts, a wanted blob comes and is right", arguments: Seeds.first(30))
    func faults(_ seed: UInt64) {
        var world = BlobWorld(4, seed: seed)
        world.loss = 15
        let content = world.content(Self.size)
        let blob = world.sites[0].disk.add(content)
        world.sites[3].disk.add(content)
        world.cut(1, 3)
        for _ in 0..<8 {
            world.tell(1, .wanted(blob))
            _ = world.run(for: .seconds(2)) { $0.sites[1].arrived.contains(blob) }
            let left = Int.random(in: 0..<4, using: &world.random)
            let right = (left + Int.random(in: 1..<4, using: &world.random)) % 4
            switch Int.random(in: 0..<3, using: &world.random) {
            case 0: world.cut(left, right)
            case 1: if world.cuts.contains([min(left, right), max(left, right)]) { world.link(left, right) }
            default: world.restart(left)
            }
        }
        world.loss = 5
        for pair in world.cuts where pair != [1, 3] && pair != [0, 1] { world.link(pair[0], pair[1]) }
        world.tell(1, .wanted(blob))
        #expect(world.run(for: .seconds(120)) { $0.sites[1].arrived.contains(blob) }, "seed \(seed)")
        #expect(world.sites[1].disk.whole[blob] == content, "seed \(seed)")
        #expect(world.sites[1].mismatches.isEmpty, "seed \(seed)")
        _ = world.run(for: .seconds(300))
        #expect(world.sites.allSatisfy { $0.exchange.nextDeadline == nil }, "seed \(seed)")
    }
}
