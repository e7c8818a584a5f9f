import ContactCenter

/// Who may use an endpoint.
enum Access: Hashable, Sendable {
    /// Everybody, also without a session.
    case open
    /// Sessions of these roles.
    case roles(Set<AccountRole>)
    /// Sessions whose account belongs to an agent, whatever its role.
    case desk
    /// Sessions of a supervisor or administrator whose account belongs to an agent: who takes part in calls of others
    /// needs a telephone of her own.
    case supervisorsDesk

    /// Everybody who works here.
    static let staff = Access.roles([.agent, .supervisor, .administrator])
    /// Those who look after others.
    static let supervision = Access.roles([.supervisor, .administrator])
    /// Those who change how the centre works.
    static let administration = Access.roles([.administrator])

    /// Why a session may not; nil when it may.
    func refusal(of session: Session) -> String? {
        switch self {
        case .open: nil
        case .roles(let roles):
            roles.contains(session.role)
                ? nil : "This takes the role \(roles.map(\.rawValue).sorted().joined(separator: " or "))."
        case .desk: session.agent != nil ? nil : "This account belongs to no agent, so it has no desk."
        case .supervisorsDesk: Access.supervision.refusal(of: session) ?? Access.desk.refusal(of: session)
        }
    }
}
