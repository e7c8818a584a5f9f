import Kernel
import Replication

/// No number for people is given twice.
struct NumbersAreUnique: RecordsChecker {
    let name = "numbers are unique"

    func finally(_ world: RecordsWorld) -> String? {
        guard let vector = world.sites.first?.ledger?.vector else { return nil }
        var given: [String: Dot] = [:]
        for dot in world.book.entries.keys.sorted() where vector.contains(dot) {
            for change in world.book.entries[dot]?.op.changes ?? [] {
                for case .set(RecordsSchema.number, .string(let text), _) in change.mutations {
                    if let earlier = given[text] { return "\(text) was given by \(earlier) and by \(dot)" }
                    given[text] = dot
                }
            }
        }
        return nil
    }
}
