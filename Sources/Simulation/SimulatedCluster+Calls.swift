import ContactCenter
import Kernel
import SiteCore

/// What agents do with the calls that they have.
extension SimulatedCluster {
    /// One press of a button in the middle of a talk; `luck` is from 10 to 59.
    mutating func handle(_ call: DeskCall, of contact: ContactID, _ luck: Int, _ index: Int) {
        let command: DeskCommand
        if let consult = call.consult, consult.state != .failed {
            switch luck {
            case 10..<24: command = .completeTransfer(contact)
            case 24..<32: command = .swap(contact)
            case 32..<38: command = .endConsult(contact)
            case 38..<40: command = .resume(contact)
            default: return
            }
        } else {
            switch luck {
            case 10..<19: command = call.state == .held ? .resume(contact) : .hold(contact)
            case 19..<25: command = .resume(contact)
            case 25..<31: command = .transfer(contact, to: target(besides: index))
            case 31..<42: command = .consult(contact, with: target(besides: index))
            case 42..<44: command = .sendDigits(contact, "5#")
            default: return
            }
        }
        note("desk.\(command.word)")
        atDesk(index, command)
    }

    private mutating func target(besides index: Int) -> CallTarget {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<2: return .queue(QueueID(["support", "product", "sales"][Int.random(in: 0..<3, using: &random)]))
        case 2..<4: return .number(outsideNumber())
        default:
            let step = Int.random(in: 1..<max(2, agents.count), using: &random)
            return .agent(agents[(index + step) % agents.count].id)
        }
    }

    /// A number of somebody outside.
    mutating func outsideNumber() -> String { "+4930555\(Int.random(in: 10...99, using: &random))" }
}

extension DeskCommand {
    /// Its name in reports.
    var word: String { String("\(self)".prefix { $0 != "(" }) }
}
