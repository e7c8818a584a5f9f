import Calls
import ContactCenter
import Kernel
import Routing

/// What an agent's desk shows of the line of her call.
extension SiteMachine {
    func deskCall(_ engagement: Engagement, _ desk: DeskCase) -> DeskCall? {
        guard engagement.channel == .voice, engagement.phase.isConversation,
            let bridge = calls.agentBridges(of: engagement.contact).first(where: {
                bridges[$0] == engagement.reservation
            })
        else { return nil }
        return DeskCall(
            state: engagement.phase == .held ? .held : .talking,
            consult: deskConsult(bridge, engagement.reservation.agent),
            isConference: desk.isConference,
            recording: desk.recording,
            supervisedBy: desk.supervisors
        )
    }

    private func deskConsult(_ bridge: BridgeID, _ agent: AgentID) -> DeskCall.Consult? {
        guard let consultation = calls.consultation(of: bridge) else { return failedConsults[agent] }
        let live = contacts[consultation.contact]
        let asked = live?.answer.map { directory.agents[$0.agent]?.name ?? $0.agent.key }
        return DeskCall.Consult(
            contact: consultation.contact,
            target: asked ?? live?.askedName ?? "",
            state: consultation.isTalking ? .talking : .ringing,
            active: consultation.leads ? .consult : .customer
        )
    }
}
