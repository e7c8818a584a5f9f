import Kernel
import Replication

// What seeds found, and their neighbours, as scripts; those with a seed in their name broke an invariant first there.
extension RecordsScenarios {
    /// Situations in which the simulator once found a promise broken.
    package static let regressions = [
        RecordsScenario("seed 1: a damaged document is edited before the scrub finds it", damagedEdit),
        RecordsScenario("confirmed with all other members suspended", confirmedAlone),
        RecordsScenario("a full disk does not keep a vote", unsavedVote),
        RecordsScenario("others hold back what a site set back wrote", heldBackOwn),
        RecordsScenario("seed 90: ops are asked for that are no longer in the log", trimmedAnswer),
        RecordsScenario("a snapshot to a site whose clock is behind", stampsOfSnapshot),
        RecordsScenario("a full disk does not take the new epoch", epochOnFullDisk),
    ]

    private static let note = DocumentEdit(.new(RecordsSchema.file), [.append(RecordsSchema.notes, .string("n"))])

    private static var forgetful: RecordsSettings {
        var settings = RecordsSettings()
        settings.logRetention = .zero
        return settings
    }

    private static func damagedEdit() -> RecordsScript {
        var script = RecordsScript()
        script.world.expected = [.rot]
        let file = script.make(0, title: "first")
        script.change(0, file, .add(RecordsSchema.visits, 2))
        script.run(.milliseconds(500))
        guard let document = script.document(file, at: 1) else { return script }
        script.world.sites[1].storage.rot(document.rotten)
        script.world.isDamaged = true
        // Refused, because what cannot be read is not changed; and done once a peer's copy has mended the document.
        script.change(1, file, .add(RecordsSchema.visits, 50))
        script.run(.seconds(30))
        script.change(1, file, .add(RecordsSchema.visits, 5))
        script.run(.seconds(2))
        for site in 0..<3 {
            let count = script.document(file, at: site)?.count(RecordsSchema.visits)
            script.expect(count == 7, "\(script.world.sites[site].id) counts \(count ?? -1) and not 7")
        }
        script.finish()
        return script
    }

    private static func confirmedAlone() -> RecordsScript {
        var script = RecordsScript(sites: 2)
        script.decide(.suspend, 1, at: 0)
        script.cut(0, 1)
        script.run(.seconds(8))
        guard let dot = script.write(0, note) else { return script }
        script.world.ask(.level(dot, .one), .acknowledge(dot, .one, within: .milliseconds(300)), 0)
        script.run(.seconds(1))
        return script
    }

    private static func unsavedVote() -> RecordsScript {
        var script = RecordsScript()
        script.world.sites[0].diskIsFull = true
        let site = script.world.sites[2].id
        let command = RecordsCommand.decide(.drain, site, by: Actor("operator"), forced: false)
        script.world.ask(.change(.drain, site: 2), command, 0)
        script.run(.seconds(2))
        script.world.sites[0].diskIsFull = false
        script.run(until: { $0.asked.isEmpty }, within: .seconds(30), otherwise: "the operator never got an answer")
        return script
    }

    private static func heldBackOwn() -> RecordsScript {
        var script = RecordsScript()
        script.world.expected = [.clock, .stampAhead, .ownOriginAhead]
        // North believes a clock that is an hour ahead, so that the others hold back what it writes.
        script.isolate(0)
        script.world.sites[0].clock.step(by: .minutes(60), at: script.world.now)
        script.world.kill(0, for: .seconds(1))
        script.run(.seconds(8))
        script.write(0, note)
        script.world.sites[0].clock.step(by: .minutes(-60), at: script.world.now)
        script.rejoin(0)
        script.run(.seconds(3))
        script.backUp(0)
        let held = script.write(0, note)
        script.run(.seconds(3))
        script.expect(held.map { script.world.sites[1].stored.contains($0) } ?? false, "nobody holds it back")
        guard let backup = script.world.sites[0].backup else { return script }
        script.world.kill(0, for: .seconds(3))
        script.world.replaceDisk(0, backup.storage, backup.head, backup.stored)
        script.run(.seconds(8))
        let next = script.write(0, note)
        script.expect(next != held, "a number was used twice")
        script.run(.seconds(3))
        return script
    }

    private static func trimmedAnswer() -> RecordsScript {
        var script = RecordsScript(settings: forgetful)
        var last: Dot?
        for _ in 0..<4 { last = script.write(0, note) }
        script.run(
            until: { !$0.sites[1].storage.bases().isEmpty },
            within: .seconds(100),
            otherwise: "nobody trimmed a log"
        )
        guard let origin = last?.origin else { return script }
        let request = OpsRequest(origin: origin, from: 2)
        guard let read = try? Ledger.readSound(request, from: script.world.sites[1].storage) else { return script }
        let again = try? FrameCodec.decode(FrameEnvelope(.ops(read.batch)).body)
        script.expect(again == .ops(read.batch), "the answer that there is nothing cannot be read")
        return script
    }

    private static func stampsOfSnapshot() -> RecordsScript {
        var script = RecordsScript(settings: forgetful)
        for _ in 0..<4 { script.write(0, note) }
        script.run(
            until: { world in (0..<3).allSatisfy { !world.sites[$0].storage.bases().isEmpty } },
            within: .seconds(100),
            otherwise: "nobody trimmed a log"
        )
        script.world.kill(2, for: .seconds(1))
        script.world.replaceDisk(2, InMemoryLedgerStorage(), VirtualHeadFile(), VersionVector())
        // Within what clocks may differ, and behind the others all the same.
        script.world.sites[2].clock.step(by: .seconds(-4), at: script.world.now)
        script.run(.seconds(1))
        for _ in 0..<20 {
            script.write(0, note)
            script.run(.milliseconds(200))
            if script.world.sites[2].ledger?.isJoining == false, script.world.sites[2].hasJoined { break }
        }
        script.write(2, note)
        script.run(.seconds(2))
        return script
    }

    private static func epochOnFullDisk() -> RecordsScript {
        var script = RecordsScript()
        script.world.expected = [.ownOriginAhead]
        script.write(0, note)
        script.run(.seconds(1))
        script.backUp(0)
        let after = script.write(0, note)
        script.run(.seconds(1))
        guard let backup = script.world.sites[0].backup else { return script }
        script.world.kill(0, for: .seconds(4))
        script.world.replaceDisk(0, backup.storage, backup.head, backup.stored)
        script.world.sites[0].diskIsFull = true
        script.run(.milliseconds(5_500))
        // Between two tries for the epoch there is space for an edit.
        script.world.sites[0].diskIsFull = false
        let next = script.write(0, note)
        script.expect(next != after, "a number was used twice")
        script.run(.seconds(3))
        return script
    }
}
