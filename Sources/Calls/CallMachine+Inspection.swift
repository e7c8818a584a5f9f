package import Kernel
package import SIP

/// What checkers ask about legs; nothing here changes anything.
extension CallMachine {
    /// Whether the other half of a leg's call is at a site, or is to be.
    package func leads(_ leg: SIPLegID, to site: SiteID) -> Bool {
        switch legs[leg] {
        case .caller(let contact): callers[contact]?.involves(site) ?? false
        case .agent(let bridge):
            agents[bridge].map { half in
                half.peer == site || half.consult.flatMap { callers[$0] }?.involves(site) == true
            } ?? false
        case nil: false
        }
    }
}
