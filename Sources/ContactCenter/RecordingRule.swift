package import Kernel

/// Who may hear the recordings of a contact: the same rule at every site, wherever the recording lies.
package struct RecordingRule: Hashable, Sendable {
    /// All agents who have spoken with the customer.
    package var tookPart: Set<AgentID>
    /// The sites that the contact touched: where it arrived, and where it was answered.
    package var sites: Set<SiteID>

    /// Makes the rule of a contact.
    package init(tookPart: Set<AgentID>, sites: Set<SiteID>) {
        self.tookPart = tookPart
        self.sites = sites
    }

    /// Whether somebody may hear it.
    ///
    /// Administrators may. Supervisors may, where they look after all sites or one that the contact touched. Agents may
    /// hear what they took part in, also before they passed it on; the account's role does not take that away.
    package func admits(_ role: AccountRole, agent: AgentID?, lookingAfter own: Set<SiteID>) -> Bool {
        if let agent, tookPart.contains(agent) { return true }
        return switch role {
        case .administrator: true
        case .supervisor: own.isEmpty || !own.isDisjoint(with: sites)
        case .agent: false
        }
    }
}
