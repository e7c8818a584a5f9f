import Kernel
import Replication

// Sites that come back with less, or come for the first time.
extension RecordsScenarios {
    static let returns = [
        RecordsScenario("restore of an old backup", restored),
        RecordsScenario("rejoin after the floor with unsent writes", rejoined),
        RecordsScenario("joiner's donor dies mid-snapshot", donorDies),
        RecordsScenario("rolling upgrade with a new field", upgraded),
    ]

    private static let note = DocumentEdit(.new(RecordsSchema.file), [.append(RecordsSchema.notes, .string("n"))])

    /// Logs that are trimmed as soon as all have what stands in them.
    private static var forgetful: RecordsSettings {
        var settings = RecordsSettings()
        settings.logRetention = .zero
        return settings
    }

    private static func restored() -> RecordsScript {
        var script = RecordsScript()
        _ = script.make(0, title: "before")
        script.backUp(0)
        let after = script.make(0, title: "after the backup")
        script.run(.seconds(1))
        let old = script.world.sites[0].ledger?.origin
        script.world.kill(0, for: .seconds(5))
        guard let backup = script.world.sites[0].backup else { return script }
        script.world.replaceDisk(0, backup.storage, script.world.sites[0].head, backup.stored)
        script.run(.seconds(9))
        script.expect(script.world.sites[0].ledger?.origin != old, "the restored site writes under its old name")
        script.expect(script.title(after, at: 0) == "after the backup", "what came after the backup is lost")
        let dot = script.write(0, note)
        script.expect(dot?.origin != old, "an op has the old name")
        script.spread(dot)
        script.finish()
        return script
    }

    private static func rejoined() -> RecordsScript {
        var script = RecordsScript(settings: forgetful)
        let kept = script.make(0, title: "kept")
        let deleted = script.make(1, title: "to be deleted")
        script.run(.seconds(1))
        script.isolate(2)
        script.run(.seconds(7))
        let unsent = script.change(2, kept, .append(RecordsSchema.notes, .string("unsent")))
        let late = script.change(2, deleted, .append(RecordsSchema.notes, .string("late")))
        script.decide(.suspend, 2, at: 0)
        script.change(0, deleted, .delete)
        for _ in 0..<4 { script.write(0, note) }
        script.run(
            until: { world in (0..<2).allSatisfy { !world.sites[$0].storage.bases().isEmpty } },
            within: .seconds(100),
            otherwise: "nobody trimmed a log"
        )
        // The tombstone is forgotten, too, before the late edit comes.
        script.run(
            until: { world in (0..<2).allSatisfy { world.sites[$0].storage.document(deleted) == nil } },
            within: .seconds(100),
            otherwise: "the tombstone was not forgotten"
        )
        script.rejoin(2)
        script.run(.seconds(10))
        script.decide(.activate, 2, at: 0)
        script.spread(unsent, within: .seconds(40))
        script.spread(late, within: .seconds(40))
        script.expect(script.document(kept, at: 0)?.entries(RecordsSchema.notes).count == 1, "an unsent write is lost")
        for site in 0..<3 {
            let isVisible = script.document(deleted, at: site)?.isDeleted == false
            script.expect(!isVisible, "a deleted document is back at \(script.world.sites[site].id)")
        }
        let remains = script.document(deleted, at: 0)?.remains?.items ?? []
        script.expect(remains.count == 1, "the late edit is not in the lost-and-found")
        script.finish()
        return script
    }

    private static func donorDies() -> RecordsScript {
        var script = RecordsScript(settings: forgetful)
        for _ in 0..<40 {
            let edits = (0..<Limits.editsPerRequestMax).map { _ in note }
            script.world.ask(EditRequest(actor: Actor("ada"), edits: edits), at: 0)
            script.run(.milliseconds(30))
        }
        script.run(
            until: { world in (0..<3).allSatisfy { !world.sites[$0].storage.bases().isEmpty } },
            within: .seconds(100),
            otherwise: "nobody trimmed a log"
        )
        script.world.kill(2, for: .seconds(5))
        script.world.replaceDisk(2, InMemoryLedgerStorage(), VirtualHeadFile(), VersionVector())
        script.run(
            until: { ($0.sites[2].machine?.status.transfer.join?.documents ?? 0) > 0 },
            within: .seconds(40),
            otherwise: "no snapshot was begun"
        )
        let donor = script.world.sites[2].machine?.status.transfer.donor
        guard let place = script.world.sites.firstIndex(where: { $0.id == donor }) else {
            script.expect(false, "nobody gives the snapshot")
            return script
        }
        script.world.kill(place, for: .seconds(25))
        script.run(
            until: { $0.sites[2].ledger?.isJoining == false },
            within: .seconds(60),
            otherwise: "the snapshot was not completed"
        )
        let other = 1 - place
        let count = script.world.sites[other].storage.documents.count
        script.expect(script.world.sites[2].storage.documents.count == count, "the snapshot is not whole")
        script.finish()
        return script
    }

    private static func upgraded() -> RecordsScript {
        var script = RecordsScript()
        let ticket = script.make(0, title: "first")
        script.run(.seconds(2))
        let newest = DocumentSchema.newestLevel + 1
        for site in [0, 1] {
            script.world.kill(site, for: .milliseconds(500))
            script.world.sites[site].schema = RecordsSchema.next
            script.world.sites[site].level = newest
            script.run(.seconds(4))
        }
        let change = FieldChange.set(RecordsSchema.colour, .string("red"), seen: nil)
        script.expect(script.change(0, ticket, change) == nil, "a new field was written before all understand it")
        script.world.kill(2, for: .milliseconds(500))
        script.world.sites[2].schema = RecordsSchema.next
        script.world.sites[2].level = newest
        script.run(.seconds(6))
        let dot = script.change(0, ticket, change)
        script.expect(dot != nil, "a new field is refused although all understand it")
        script.spread(dot)
        // Somebody puts the older program back: what it does not know survives there and passes through it.
        script.world.kill(2, for: .milliseconds(500))
        script.world.sites[2].schema = RecordsSchema.documents
        script.world.sites[2].level = DocumentSchema.newestLevel
        script.run(.seconds(4))
        script.cut(0, 1)
        script.run(.seconds(8))
        script.change(2, ticket, .append(RecordsSchema.notes, .string("by the old")))
        script.run(.seconds(3))
        for site in 0..<3 {
            let value = script.document(ticket, at: site)?.value(RecordsSchema.colour)?.string
            script.expect(value == "red", "the new field is lost at \(script.world.sites[site].id)")
        }
        script.finish()
        return script
    }
}
