import Kernel

/// Turns messages about decisions into bytes and back (protobuf, `Protobuf/membership.proto`).
package enum DecisionCodec {
    /// A message's bytes.
    package static func encode(_ message: DecisionMessage) -> [UInt8] {
        var wire = WireDecisionMessage()
        wire.base.number = message.base.number
        wire.base.lineage = Wire.data(message.base.lineage)
        switch message.kind {
        case .prepare(let ballot):
            wire.prepare = WireDecisionBallot(ballot)
        case .promise(let ballot, let accepted):
            wire.promise.ballot = WireDecisionBallot(ballot)
            if let accepted { wire.promise.accepted = WireAcceptedDecision(accepted) }
        case .accept(let accepted):
            wire.accept = WireAcceptedDecision(accepted)
        case .accepted(let ballot):
            wire.accepted = WireDecisionBallot(ballot)
        case .refused(let ballot, let promised):
            wire.refused.ballot = WireDecisionBallot(ballot)
            wire.refused.promised = WireDecisionBallot(promised)
        case .ask:
            wire.ask = true
        case .piece(let piece):
            wire.piece.founders = piece.founders.map(\.name)
            wire.piece.decisions = piece.decisions.map(WireMembershipDecision.init)
            wire.piece.newest = piece.newest
        }
        return Wire.bytes(wire)
    }

    /// The message of some bytes; throws `.malformed` when they mean nothing or break a bound.
    package static func decode(_ bytes: [UInt8]) throws(FrameError) -> DecisionMessage {
        let wire: WireDecisionMessage = try Wire.message(bytes, "decision message")
        let lineage = Wire.array(wire.base.lineage)
        guard lineage.count == OpChain.size else { throw .malformed("lineage of \(lineage.count) bytes") }
        guard wire.base.number <= UInt64(Limits.membershipDecisionsMax) else {
            throw .malformed("decision \(wire.base.number)")
        }
        return DecisionMessage(
            base: DecisionHead(number: wire.base.number, lineage: lineage),
            kind: try kind(of: wire)
        )
    }

    private static func kind(of wire: WireDecisionMessage) throws(FrameError) -> DecisionMessage.Kind {
        switch wire.kind {
        case .prepare(let ballot):
            return .prepare(try ballot.ballot())
        case .promise(let promise):
            let accepted = promise.hasAccepted ? try promise.accepted.accepted(after: wire.base.number) : nil
            return .promise(try promise.ballot.ballot(), accepted)
        case .accept(let accept):
            return .accept(try accept.accepted(after: wire.base.number))
        case .accepted(let ballot):
            return .accepted(try ballot.ballot())
        case .refused(let refusal):
            return .refused(try refusal.ballot.ballot(), promised: try refusal.promised.ballot())
        case .ask(true):
            return .ask
        case .piece(let piece):
            guard piece.decisions.count <= Limits.membershipDecisionsPerPieceMax else {
                throw .malformed("\(piece.decisions.count) decisions")
            }
            return .piece(
                DecisionPiece(
                    founders: try Wire.founders(piece.founders),
                    decisions: try Wire.decisions(piece.decisions, after: wire.base.number),
                    newest: min(piece.newest, UInt64(Limits.membershipDecisionsMax))
                )
            )
        case .ask(false), nil:
            throw .malformed("decision message of an unknown kind")
        }
    }
}

extension WireDecisionBallot {
    init(_ ballot: Ballot) {
        self.init()
        round = ballot.round
        site = ballot.site.name
    }

    func ballot() throws(FrameError) -> Ballot {
        guard (1...Limits.ballotRoundMax).contains(round) else { throw .malformed("round \(round)") }
        return Ballot(round: round, site: try Wire.site(site))
    }
}

extension WireAcceptedDecision {
    init(_ accepted: AcceptedDecision) {
        self.init()
        ballot = WireDecisionBallot(accepted.ballot)
        decision = WireMembershipDecision(accepted.decision)
    }

    /// Reads it; what is voted on follows `base`, and is never forced.
    func accepted(after base: UInt64) throws(FrameError) -> AcceptedDecision {
        let decision = try self.decision.decision()
        guard decision.number == base + 1, !decision.isForced else { throw .malformed("vote on another decision") }
        return AcceptedDecision(ballot: try ballot.ballot(), decision: decision)
    }
}
