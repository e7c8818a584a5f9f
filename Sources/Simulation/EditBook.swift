import ContactCenter
import Kernel
import SiteCore

/// What clerks asked for, and what they were promised.
struct EditBook: Sendable {
    /// What must be found everywhere once an edit was acknowledged.
    struct Expectation: Hashable, Sendable {
        var customer: CustomerID
        var note: String
    }

    /// An edit that a site said is safe.
    struct Promise: Hashable, Sendable {
        var dot: Dot
        var expectation: Expectation
    }

    var customers: [CustomerID] = []
    var counter = 0
    private var asked: [CommandToken: Expectation] = [:]
    private(set) var promises: [Promise] = []
    private(set) var refused = 0
    /// What sites answered to wishes for recordings, oldest first.
    private(set) var recordings: [RecordingReply] = []

    mutating func asked(_ token: CommandToken, _ expectation: Expectation) {
        asked[token] = expectation
    }

    mutating func replied(_ token: CommandToken, _ reply: CommandReply, site: Int) {
        if case .recording(let answer) = reply { recordings.append(answer) }
        guard let expectation = asked.removeValue(forKey: token) else { return }
        switch reply {
        case .edited(let receipts):
            guard let dot = receipts.first?.dot else { return }
            promises.append(Promise(dot: dot, expectation: expectation))
        case .refused: refused += 1
        case .done, .records, .blob, .recording, .opened: break
        }
    }

    /// Nobody answers for what a dead site was asked; the clerk knows nothing.
    mutating func crashed(_ site: Int) {}
}
