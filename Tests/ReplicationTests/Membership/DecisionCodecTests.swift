import Kernel
import Replication
import TestKit
import Testing

@Suite("Decision codec")
struct DecisionCodecTests {
    static let north = namedSite("north")
    static let head = DecisionHead(number: 4, lineage: Array(1...16))

    static func decision(_ number: UInt64, forced: Bool = false, actor: String = "anna") -> MembershipDecision {
        MembershipDecision(
            number: number,
            site: north,
            change: .suspend,
            actor: Actor(actor),
            at: HybridTimestamp(bits: 77),
            isForced: forced,
            proposer: namedSite("south")
        )
    }

    static var samples: [DecisionMessage] {
        let low = Ballot(round: 1, site: north)
        let high = Ballot(round: Limits.ballotRoundMax, site: namedSite("east"))
        let accepted = AcceptedDecision(ballot: low, decision: decision(5))
        let piece = DecisionPiece(
            founders: [namedSite("east"), north],
            decisions: [decision(5, forced: true), decision(6)],
            newest: 9
        )
        return [
            .prepare(low), .promise(high, nil), .promise(high, accepted), .accept(accepted), .accepted(high),
            .refused(low, promised: high), .ask, .piece(piece),
        ].map { DecisionMessage(base: head, kind: $0) }
    }

    @Test("Every message comes back as it went", arguments: samples)
    func roundTrip(_ message: DecisionMessage) throws {
        #expect(try DecisionCodec.decode(DecisionCodec.encode(message)) == message)
    }

    @Test("A truncated message is malformed or another one, never the same and never a crash", arguments: samples)
    func truncated(_ message: DecisionMessage) {
        let bytes = DecisionCodec.encode(message)
        for length in 0..<bytes.count {
            do throws(FrameError) {
                let other = try DecisionCodec.decode(Array(bytes.prefix(length)))
                #expect(other != message)
            } catch {
                guard case .malformed = error else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
    }

    @Test("Bytes changed at random do no harm", arguments: Seeds.first(50))
    func noise(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for message in Self.samples {
            var bytes = DecisionCodec.encode(message)
            for _ in 0..<3 {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8(truncatingIfNeeded: random.next())
            }
            guard let other = try? DecisionCodec.decode(bytes) else { continue }
            #expect((try? DecisionCodec.decode(DecisionCodec.encode(other))) == other)
        }
    }

    @Test("What breaks a bound is refused: votes on another number, forced votes, long names, wrong lineages")
    func bounds() {
        let ballot = Ballot(round: 1, site: Self.north)
        func isRefused(_ kind: DecisionMessage.Kind, base: DecisionHead = Self.head) -> Bool {
            (try? DecisionCodec.decode(DecisionCodec.encode(DecisionMessage(base: base, kind: kind)))) == nil
        }
        #expect(isRefused(.accept(AcceptedDecision(ballot: ballot, decision: Self.decision(6)))))
        #expect(isRefused(.accept(AcceptedDecision(ballot: ballot, decision: Self.decision(5, forced: true)))))
        let long = Self.decision(5, actor: String(repeating: "a", count: Limits.membershipActorBytesMax + 1))
        #expect(isRefused(.accept(AcceptedDecision(ballot: ballot, decision: long))))
        #expect(isRefused(.prepare(Ballot(round: 0, site: Self.north))))
        #expect(isRefused(.prepare(Ballot(round: Limits.ballotRoundMax + 1, site: Self.north))))
        #expect(isRefused(.ask, base: DecisionHead(number: 4, lineage: [1])))
        #expect(isRefused(.ask, base: DecisionHead(number: .max, lineage: Self.head.lineage)))
        let gap = DecisionPiece(founders: [Self.north], decisions: [Self.decision(5), Self.decision(7)], newest: 7)
        #expect(isRefused(.piece(gap)))
        let count = Limits.membershipDecisionsPerPieceMax + 1
        let many = (0..<count).map { Self.decision(5 + UInt64($0)) }
        #expect(isRefused(.piece(DecisionPiece(founders: [Self.north], decisions: many, newest: 500))))
        let unsorted = DecisionPiece(founders: [Self.north, namedSite("east")], decisions: [], newest: 4)
        #expect(isRefused(.piece(unsorted)))
        #expect(!isRefused(.prepare(ballot)))
    }
}
