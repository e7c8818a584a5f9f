/// How a supervisor takes part in somebody else's call.
package enum SupervisionMode: String, Hashable, Sendable, CaseIterable {
    /// Hears both; nobody hears her.
    case listen
    /// Hears both; only the agent hears her.
    case whisper
    /// Hears and is heard by both.
    case barge
}
