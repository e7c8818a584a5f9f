/// What a group of agents, a team or those at one site, have done since midnight UTC.
package struct WallGroup: Codable, Hashable, Sendable {
    /// The team's name, or the site.
    package var name: String
    /// Agents signed in.
    package var agents: Int
    /// Agents who could take a contact.
    package var agentsReady: Int
    /// Agents with a contact or its paperwork.
    package var agentsBusy: Int
    /// Agents on a break or not responding.
    package var agentsNotReady: Int
    /// Contacts answered.
    package var contacts: Int
    /// Time on contacts that are over, in milliseconds: talking, hold and wrap-up.
    package var handlingMs: Int64
    /// Time ready with nothing in hand, in milliseconds.
    package var idleMs: Int64
    /// Time on contacts, of it and time waiting for one, 0 to 1.
    @Nullable package var occupancy: Double?

    /// Puts one together.
    package init(
        name: String,
        agents: Int,
        agentsReady: Int,
        agentsBusy: Int,
        agentsNotReady: Int,
        contacts: Int,
        handlingMs: Int64,
        idleMs: Int64,
        occupancy: Double? = nil
    ) {
        self.name = name
        self.agents = agents
        self.agentsReady = agentsReady
        self.agentsBusy = agentsBusy
        self.agentsNotReady = agentsNotReady
        self.contacts = contacts
        self.handlingMs = handlingMs
        self.idleMs = idleMs
        self.occupancy = occupancy
    }
}
