package import ContactCenter

/// Shows the live state.
///
/// Changes are announced the other way round: the site calls `LiveHub`.
package protocol LiveSource: Sendable {
    /// The wall as it stands.
    func wall() async throws -> WallResource
    /// The desk of an agent, also of one who is not signed in here; nil when there is no such agent.
    func desk(_ agent: AgentID) async throws -> DeskResource?
}
