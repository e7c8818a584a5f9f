import ContactCenter
import SIP

/// A person at a desk.
struct SimulatedAgent: Sendable {
    let id: AgentID
    /// The site where the person works at the moment.
    var site: Int
    /// The phone on the desk.
    let phone: SIPAddress
    let sipUser: String
    /// How often in a row the site did not answer.
    var misses = 0
}
