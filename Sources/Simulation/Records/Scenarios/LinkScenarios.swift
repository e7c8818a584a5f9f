import Kernel
import Replication

// Links that fail, in one way or another.
extension RecordsScenarios {
    static let links = [
        RecordsScenario("symmetric split, both write one ticket, heal", split),
        RecordsScenario("asymmetric cut with relay", relay),
        RecordsScenario("flapping link", flapping),
        RecordsScenario("backlog on a slow link under live load", backlog),
        RecordsScenario("paused node wakes after failover", paused),
        RecordsScenario("mass restart", massRestart),
    ]

    private static func split() -> RecordsScript {
        var script = RecordsScript()
        let ticket = script.make(0, title: "first")
        script.run(.seconds(1))
        script.isolate(0)
        script.change(
            0,
            ticket,
            .set(RecordsSchema.title, .string("north's"), seen: nil),
            .add(RecordsSchema.visits, 2)
        )
        script.change(1, ticket, .set(RecordsSchema.title, .string("east's"), seen: nil), .add(RecordsSchema.visits, 3))
        script.run(.seconds(12))
        script.expect(script.title(ticket, at: 0) == "north's", "north lost its edit in the split")
        script.rejoin(0)
        script.run(
            until: { world in world.sites.allSatisfy { !$0.storage.conflicts(after: nil, limit: 1).isEmpty } },
            otherwise: "the losing write is not in every journal"
        )
        for site in 0..<3 {
            script.expect(script.document(ticket, at: site)?.count(RecordsSchema.visits) == 5, "a count was lost")
        }
        guard let conflict = script.world.sites[2].storage.conflicts(after: nil, limit: 1).first else { return script }
        let lost = conflict.lost.value.string
        script.change(2, ticket, .restore(RecordsSchema.title, lost: conflict.id.dot))
        script.run(.seconds(2))
        for site in 0..<3 { script.expect(script.title(ticket, at: site) == lost, "restoring did not reach all") }
        script.finish()
        return script
    }

    private static func relay() -> RecordsScript {
        var script = RecordsScript()
        script.cutOneWay(from: 0, to: 1)
        // While nobody has noticed, east hears nothing of north and north everything of east.
        let early = script.write(
            0,
            DocumentEdit(.new(RecordsSchema.file), [.append(RecordsSchema.notes, .string("early"))])
        )
        script.spread(early)
        script.run(.seconds(8))
        script.expect(!script.world.links[script.world.linkPlace(0, 1)].isUp, "the dead link was not noticed")
        let late = script.write(
            0,
            DocumentEdit(.new(RecordsSchema.file), [.append(RecordsSchema.notes, .string("late"))])
        )
        script.spread(late, within: .seconds(3))
        script.expect(script.world.reach.branches[Sometimes.relayUsed.rawValue] != nil, "nothing was relayed")
        script.finish()
        return script
    }

    private static func flapping() -> RecordsScript {
        var script = RecordsScript()
        let frames = script.world.frames
        for round in 0..<30 {
            script.world.breakSession(script.world.linkPlace(0, 1), noticedWithin: 100)
            script.write(round % 3, DocumentEdit(.new(RecordsSchema.file), [.append(RecordsSchema.notes, .int(1))]))
            script.run(.milliseconds(400))
        }
        script.expect(script.world.frames - frames < 6_000, "flapping made a storm of frames")
        script.finish()
        return script
    }

    private static func backlog() -> RecordsScript {
        var script = RecordsScript()
        script.isolate(2)
        script.run(.seconds(1))
        for _ in 0..<Limits.simulatedBacklogBatches {
            for _ in 0..<200 {
                let text = String(repeating: "behind ", count: 20)
                let edit = DocumentEdit(.new(RecordsSchema.file), [.append(RecordsSchema.notes, .string(text))])
                script.world.ask(EditRequest(actor: Actor("ada"), edits: [edit]), at: 0)
            }
            script.run(.milliseconds(100))
        }
        script.slow(0, 2, bytesPerSecond: 12_000)
        script.slow(1, 2, bytesPerSecond: 12_000)
        script.rejoin(2)
        script.run(.seconds(2))
        let behind = script.world.sites[2].ledger?.vector ?? VersionVector()
        script.expect(script.world.sites[0].ledger?.vector != behind, "the backlog was gone before live load began")
        for _ in 0..<5 {
            // Urgent things pass the bulk.
            let live = script.write(
                1,
                DocumentEdit(.new(RecordsSchema.file), [.append(RecordsSchema.notes, .string("live"))])
            )
            script.run(.milliseconds(200))
            script.expect(live != nil, "a live edit was refused")
        }
        script.run(
            until: { $0.sites[0].ledger?.vector == $0.sites[2].ledger?.vector },
            within: .seconds(120),
            otherwise: "the backlog did not arrive"
        )
        script.finish()
        return script
    }

    private static func paused() -> RecordsScript {
        var script = RecordsScript()
        let ticket = script.make(0, title: "first")
        script.run(.seconds(1))
        // East has an edit that nobody else has when it stops.
        script.isolate(1)
        let unsent = script.change(1, ticket, .append(RecordsSchema.notes, .string("unsent")))
        script.world.sites[1].asleep = []
        script.run(.seconds(15))
        script.decide(.suspend, 1, at: 0)
        script.change(0, ticket, .set(RecordsSchema.title, .string("second"), seen: nil))
        script.rejoin(1)
        script.world.wake(1)
        script.run(.seconds(8))
        script.decide(.activate, 1, at: 0)
        script.spread(unsent)
        script.expect(
            script.document(ticket, at: 0)?.entries(RecordsSchema.notes).count == 1,
            "the unsent edit is lost"
        )
        script.expect(script.title(ticket, at: 1) == "second", "the paused site did not catch up")
        script.finish()
        return script
    }

    private static func massRestart() -> RecordsScript {
        var script = RecordsScript(sites: 5)
        for site in 0..<5 { _ = script.make(site, title: "before \(site)") }
        let frames = script.world.frames
        for site in 0..<5 { script.world.kill(site, for: .milliseconds(Int64(300 + 400 * site))) }
        script.run(.seconds(10))
        script.expect(script.world.links.allSatisfy(\.isUp), "not all links are back")
        script.expect(script.world.frames - frames < 4_000, "the restart made a storm of frames")
        script.finish()
        return script
    }
}
