import Kernel
import Replication

/// Everything that was ever written in a run, as somebody would know who sees all disks.
struct OpBook: Sendable {
    /// An op as it was first seen.
    struct Entry: Sendable {
        let op: Op
        let chain: [UInt8]
        let body: [UInt8]
    }

    /// What somebody was promised.
    struct Promise: Sendable {
        let dot: Dot
        let site: Int
        let level: AcknowledgementLevel
    }

    private(set) var entries: [Dot: Entry] = [:]
    private(set) var dots: [DocumentID: [Dot]] = [:]
    private(set) var promises: [Promise] = []
    /// Promised ops of which no disk is left: the disk that held them was lost or set back.
    private(set) var lost: Set<Dot> = []
    /// Documents that somebody deleted, with the ops that did.
    private(set) var deletions: [DocumentID: [Dot]] = [:]
    /// How often the disks' contents were taken away: what was concluded from them before is void.
    private(set) var losses = 0

    /// Takes in an op of some disk; says what is wrong with it.
    mutating func learn(_ stored: StoredOp) -> String? {
        if let known = entries[stored.dot] {
            return known.chain == stored.chain ? nil : "\(stored.dot) exists with two hashes"
        }
        let op: Op
        do throws(FrameError) {
            op = try OpCodec.decode(stored.body, dot: stored.dot)
        } catch {
            return "\(stored.dot) is on a disk and cannot be read: \(error)"
        }
        entries[stored.dot] = Entry(op: op, chain: stored.chain, body: stored.body)
        for change in op.changes {
            dots[change.document, default: []].append(stored.dot)
            let deletes = change.mutations.contains { if case .delete = $0 { true } else { false } }
            if deletes { deletions[change.document, default: []].append(stored.dot) }
        }
        return nil
    }

    /// The ops that touched a document, as far as a vector has them, in the order of their dots.
    func ops(of document: DocumentID, in vector: VersionVector) -> [Op] {
        (dots[document] ?? []).filter(vector.contains).sorted().compactMap { entries[$0]?.op }
    }

    mutating func promise(_ dot: Dot, by site: Int, level: AcknowledgementLevel) {
        promises.append(Promise(dot: dot, site: site, level: level))
    }

    /// A disk lost something: what was on disks before, and what still is.
    mutating func lose(from before: VersionVector, to after: VersionVector) {
        losses += 1
        for head in before.beyond(after).heads {
            for sequence in (after[head.origin] + 1)...head.sequence {
                let dot = Dot(origin: head.origin, sequence: sequence)
                lost.insert(dot)
                // A disk that was set back may use the number again.
                guard let entry = entries.removeValue(forKey: dot) else { continue }
                for change in entry.op.changes {
                    dots[change.document]?.removeAll { $0 == dot }
                    deletions[change.document]?.removeAll { $0 == dot }
                }
            }
        }
    }
}
