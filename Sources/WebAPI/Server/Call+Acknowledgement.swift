import HTTPTypes
import Kernel

extension Call {
    /// How far a change asked for by this request must get before it is answered; throws 400 when that cannot be read.
    func acknowledgement() throws -> AcknowledgementWish {
        var query = query()
        let wish = try query.acknowledgement()
        try query.finish()
        return wish
    }
}

extension QueryFields {
    /// Takes the level under a name, and `patienceMs`.
    mutating func acknowledgement(named name: String = "acknowledgement") throws -> AcknowledgementWish {
        var wish = AcknowledgementWish.local
        if let text = text(name) {
            guard let level = Acknowledgement(rawValue: text) else {
                let words = Acknowledgement.allCases.map(\.rawValue).joined(separator: ", ")
                throw Self.unreadable(name, "must be one of: \(words)")
            }
            wish.level = level
        }
        if let text = text("patienceMs") {
            let most = Limits.acknowledgementPatienceMax.milliseconds
            guard let milliseconds = Int64(text), (0...most).contains(milliseconds) else {
                throw Self.unreadable("patienceMs", "must be a whole number between 0 and \(most)")
            }
            wish.patience = .milliseconds(milliseconds)
        }
        return wish
    }

    private static func unreadable(_ name: String, _ message: String) -> Problem {
        Problem.malformed("\(name) \(message).", errors: [FieldProblem(field: name, message: message)])
    }
}

extension Answer {
    /// The answer with what became of the change in its header; nil stands for a request that changed nothing.
    func telling(_ receipt: CommitReceipt?) -> Answer {
        guard let receipt else { return self }
        var answer = self
        answer.headers[.tandemOp] = receipt.dot.text
        answer.headers[.tandemAcknowledged] = receipt.acknowledged.rawValue
        answer.headers[.tandemAcknowledgementMissed] = receipt.missed
        return answer
    }
}

extension HTTPField.Name {
    static let tandemOp = HTTPField.Name(checked: "Tandem-Op")
    static let tandemAcknowledged = HTTPField.Name(checked: "Tandem-Acknowledged")
    static let tandemAcknowledgementMissed = HTTPField.Name(checked: "Tandem-Acknowledgement-Missed")
}
