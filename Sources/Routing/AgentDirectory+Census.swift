package import ContactCenter

extension AgentDirectory {
    /// How many agents of a site are in each state, and how many take what.
    package struct Census: Hashable, Sendable {
        /// Logged in, in any state.
        package internal(set) var agents = 0
        /// In each state, by the state's number.
        private var counts = [Int](repeating: 0, count: AgentStateKind.allCases.count + 1)
        /// Open ones, by the points of capacity taken.
        private var open = [Int](repeating: 0, count: Channel.fullCapacity + 1)

        /// How many are in a state.
        package func count(of state: AgentStateKind) -> Int { counts[Int(state.rawValue)] }

        /// How many could take a contact of this cost, if they fit.
        package func taking(cost: Int) -> Int {
            open.prefix(Channel.fullCapacity - min(max(cost, 1), Channel.fullCapacity) + 1).reduce(0, +)
        }

        mutating func add(_ change: Int, _ view: AgentView) {
            agents += change
            counts[Int(view.state.kind.rawValue)] += change
            if view.isOpen { open[min(max(view.occupied, 0), Channel.fullCapacity)] += change }
        }
    }
}
