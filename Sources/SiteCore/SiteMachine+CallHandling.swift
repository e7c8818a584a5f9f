import ContactCenter
import Kernel

/// What an agent does with a call that she has: hold, pass on, ask somebody, call somebody.
extension SiteMachine {
    mutating func handleCall(
        _ command: DeskCommand,
        _ agent: AgentID,
        _ actor: Actor,
        _ token: CommandToken,
        _ now: Moment
    ) throws(Refusal) {
        throw Refusal(.unavailable, "This site cannot do that yet.")
    }
}
