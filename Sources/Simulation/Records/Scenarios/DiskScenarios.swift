import Kernel
import Replication

// Processes and disks that fail.
extension RecordsScenarios {
    static let disks = [
        RecordsScenario("kill between persist and ack", killed),
        RecordsScenario("power loss at all sites", powerLoss),
        RecordsScenario("bit flip in one log", bitFlip),
        RecordsScenario("disk full mid-batch, then space", diskFull),
        RecordsScenario("clock an hour ahead, an hour behind, and stepping", clocks),
    ]

    private static let note = DocumentEdit(.new(RecordsSchema.file), [.append(RecordsSchema.notes, .string("n"))])

    private static func killed() -> RecordsScript {
        var script = RecordsScript()
        script.world.ask(EditRequest(actor: Actor("ada"), edits: [note]), at: 0)
        script.expect(script.world.sites[0].pipeline.out != nil, "the edit is not on its way to the disk")
        let before = script.world.sites[0].stored
        // The disk has done it, and nobody lives to say so.
        _ = script.world.write(0)
        let written = script.world.sites[0].stored.beyond(before).heads.first
        script.world.kill(0, for: .seconds(1))
        script.expect(written != nil, "nothing was written")
        script.run(.seconds(4))
        script.spread(written)
        let next = script.write(0, note)
        script.expect(next.map { $0.sequence } == written.map { $0.sequence + 1 }, "the number was not counted")
        script.finish()
        return script
    }

    private static func powerLoss() -> RecordsScript {
        var script = RecordsScript()
        for site in 0..<3 { _ = script.make(site, title: "kept") }
        let kept = script.world.book.promises.map(\.dot)
        for site in 0..<3 { script.world.ask(EditRequest(actor: Actor("ada"), edits: [note]), at: site) }
        for site in 0..<3 {
            // What had not been synced is gone, at all sites at once.
            _ = script.world.sites[site].pipeline.land()
            script.world.kill(site, for: .seconds(2))
        }
        script.run(.seconds(6))
        for dot in kept { script.spread(dot) }
        script.finish()
        return script
    }

    private static func bitFlip() -> RecordsScript {
        var script = RecordsScript()
        script.world.expected = [.rot]
        var dots: [Dot] = []
        for _ in 0..<6 { if let dot = script.write(0, note) { dots.append(dot) } }
        script.run(.seconds(1))
        guard dots.count == 6 else { return script }
        let flipped = script.world.sites[1].storage.rot(dots[2], bit: 11)
        script.expect(flipped, "there is nothing to flip")
        script.world.rottenOps = [(1, dots[2])]
        script.world.ask(.verification, .verify, 1)
        let body = script.world.book.entries[dots[2]]?.body
        script.run(
            until: { $0.sites[1].storage.op(dots[2])?.body == body },
            within: .seconds(30),
            otherwise: "the damaged op was not mended"
        )
        script.expect(script.world.reach.branches[Sometimes.mended.rawValue] != nil, "nobody was told of the damage")
        script.finish()
        return script
    }

    private static func diskFull() -> RecordsScript {
        var script = RecordsScript()
        let ticket = script.make(0, title: "first")
        script.run(.seconds(1))
        script.world.sites[1].diskIsFull = true
        let refused = script.change(1, ticket, .append(RecordsSchema.notes, .string("refused")))
        script.expect(refused == nil, "a full disk took an edit")
        script.change(0, ticket, .append(RecordsSchema.notes, .string("meanwhile")))
        script.run(.seconds(5))
        script.expect(script.document(ticket, at: 1)?.entries(RecordsSchema.notes).isEmpty == true, "a full disk grew")
        script.world.sites[1].diskIsFull = false
        script.run(
            until: { $0.sites[1].storage.document(ticket)?.entries(RecordsSchema.notes).count == 1 },
            otherwise: "what came while the disk was full never arrived"
        )
        script.expect(script.change(1, ticket, .append(RecordsSchema.notes, .string("again"))) != nil, "still full")
        script.finish()
        return script
    }

    private static func clocks() -> RecordsScript {
        var script = RecordsScript()
        script.world.expected = [.clock, .stampAhead]
        let ticket = script.make(0, title: "first")
        script.run(.seconds(1))
        script.isolate(0)
        // Alone and new, north believes a clock that is an hour ahead.
        script.world.sites[0].clock.step(by: .minutes(60), at: script.world.now)
        script.world.kill(0, for: .seconds(1))
        script.run(.seconds(8))
        let ahead = script.change(0, ticket, .set(RecordsSchema.title, .string("from the future"), seen: nil))
        script.rejoin(0)
        script.change(1, ticket, .set(RecordsSchema.title, .string("from now"), seen: nil))
        script.run(.seconds(8))
        if let ahead {
            let stored = script.world.sites[1].stored.contains(ahead)
            script.expect(stored, "an op of a fast clock is not on other disks")
            let isApplied = script.world.sites[1].ledger?.vector.contains(ahead) == true
            script.expect(!isApplied, "an op of a fast clock was applied before its time")
        }
        script.expect(script.title(ticket, at: 1) == "from now", "a fast clock won")
        script.world.sites[0].clock.step(by: .minutes(-120), at: script.world.now)
        script.write(0, note)
        script.run(.seconds(3))
        script.world.sites[0].clock.step(by: .minutes(60), at: script.world.now)
        script.write(0, note)
        script.run(.seconds(3))
        script.finish()
        return script
    }
}
