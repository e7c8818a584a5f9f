import Kernel
import SIP

/// One call at some telephone, for checkers.
struct OpenLine: Sendable {
    /// Whose it is, for reports.
    let name: String
    let callID: String
    let line: VirtualLine
    /// When the person began to talk; nil while the telephone rings.
    let talksSince: Instant?
    /// Whether a site died that had the call in hand, or the other end of it.
    let isForgotten: Bool
}

extension SimulatedCluster {
    /// All calls at telephones of agents, of callers, and outside.
    var openLines: [OpenLine] {
        var lines: [OpenLine] = []
        for address in phones.keys.sorted() {
            guard let phone = phones[address], let line = phone.line, let leg = phone.talkingLeg,
                let callID = phone.endpoint.callIDs[leg]
            else { continue }
            lines.append(open("phone \(phone.user)", callID, line, phone.talksSince))
        }
        for address in callers.keys.sorted() {
            guard let caller = callers[address], caller.state == .talking,
                let callID = caller.endpoint.callIDs[caller.leg]
            else { continue }
            lines.append(open("caller \(address.host)", callID, caller.line, caller.answeredAt))
        }
        let outside = trunk.endpoint.callIDs
        for leg in trunk.people.keys.sorted() {
            guard let person = trunk.people[leg], let callID = outside[leg] else { continue }
            lines.append(open("outside \(leg.number)", callID, person.line, person.answeredAt))
        }
        return lines
    }

    private func open(_ name: String, _ callID: String, _ line: VirtualLine, _ talksSince: Instant?) -> OpenLine {
        OpenLine(
            name: name,
            callID: callID,
            line: line,
            talksSince: talksSince,
            isForgotten: forgottenCalls.contains(callID)
        )
    }
}
