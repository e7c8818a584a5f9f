import ContactCenter
import Kernel
import Logging
import SiteCore
import WebAPI

extension NodeGateway {
    /// Notes who takes part in the calls of others: before it is tried, so that a try is on record too.
    func auditSupervision(_ order: DeskOrder, by actor: Actor) {
        switch order {
        case .supervise(let contact, let mode):
            audit("supervision.asked", by: actor, ["contact": contact.key, "mode": mode.rawValue])
        case .stopSupervising: audit("supervision.left", by: actor, [:])
        default: break
        }
    }
}

extension DeskCallResource {
    /// What the core says of a call.
    init(_ call: DeskCall) {
        self.init(
            state: call.state.rawValue,
            consult: call.consult.map { consult in
                DeskConsultResource(
                    contact: consult.contact.key,
                    target: consult.target,
                    state: consult.state.rawValue,
                    active: consult.active.rawValue
                )
            },
            conference: call.isConference,
            recording: call.recording.rawValue,
            supervisedBy: call.supervisedBy
        )
    }
}

extension DeskSupervisionResource {
    /// What the core says of a supervision.
    init(_ supervision: DeskSupervision) {
        self.init(
            contact: supervision.contact.key,
            agentName: supervision.agentName,
            mode: supervision.mode.rawValue,
            joined: supervision.isJoined
        )
    }
}

extension DeskCommand {
    /// The core's word for what was asked at the desk.
    init(_ order: DeskOrder) {
        self =
            switch order {
            case .signIn: .signIn
            case .signOut: .signOut
            case .ready: .ready
            case .notReady(let reason): .notReady(reason: reason)
            case .finishWrapUp: .finishWrapUp
            case .finishWrapUpOf(let contact): .finishWrapUpOf(contact)
            case .extendWrapUp: .extendWrapUp
            case .extendWrapUpOf(let contact): .extendWrapUpOf(contact)
            case .accept(let contact): .accept(contact)
            case .decline(let contact): .decline(contact)
            case .finish(let contact): .finish(contact)
            case .hangUp(let contact): .hangUp(contact)
            case .hold(let contact): .hold(contact)
            case .resume(let contact): .resume(contact)
            case .transfer(let contact, let target): .transfer(contact, to: target)
            case .consult(let contact, let target): .consult(contact, with: target)
            case .swap(let contact): .swap(contact)
            case .completeTransfer(let contact): .completeTransfer(contact)
            case .endConsult(let contact): .endConsult(contact)
            case .conference(let contact): .conference(contact)
            case .dial(let number, let ticket, let customer):
                .dial(number: number, ticket: ticket, customer: customer)
            case .sendDigits(let contact, let digits): .sendDigits(contact, digits)
            case .pauseRecording(let contact, let isPaused): .pauseRecording(contact, isPaused)
            case .supervise(let contact, let mode): .supervise(contact, mode)
            case .stopSupervising: .stopSupervising
            case .linkCustomer(let contact, let customer): .linkCustomer(contact, customer)
            }
    }
}
