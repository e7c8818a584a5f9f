import Kernel
import SIP

/// One leg whose media passes the relay.
///
/// The outer party is the leg's own (the caller, as a rule), the inner one whomever the call machine joins it with.
struct AnchoredLeg: Hashable, Sendable {
    /// What waits for its turn.
    enum Item: Hashable, Sendable {
        case event(SIPEvent)
        case command(SIPCommand)
        case answerQueue(early: Bool)
        case play([MediaClip], isRepeated: Bool)
        case stopPlaying
        case record
        case pauseRecording
        case endRecording
        case mute(MediaSide, Bool)
    }

    /// A session's way through the relay: what its job's result is for.
    enum Step: Hashable, Sendable {
        /// The caller's offer.
        case arriving(SIPIncomingCall)
        /// Our offer to somebody whom we call.
        case inviting(SIPInvitation)
        /// The answer for a waiting caller.
        case queueAnswer(early: Bool)
        /// A waiting caller's new offer, and our answer to it.
        case waitingOffer([UInt8])
        case waitingAnswer([UInt8])
        /// Early media of the inner party.
        case innerRings(status: Int, [UInt8])
        /// The inner party's answer.
        case innerAnswers([UInt8])
        /// The outer party's answer to an offer of which the call machine knows nothing, and the echo of the inner's.
        case hiddenAnswer([UInt8])
        case hiddenEcho
        /// The inner party's new offer; its echo when the outer party need not be asked; the outer party's answer.
        case innerOffer([UInt8])
        case innerOfferEcho
        case outerAnswersOffer([UInt8])
        /// The outer party's new offer, and the inner's answer.
        case outerOffer([UInt8])
        case innerAnswersOffer([UInt8])
        /// Early media and answer of somebody whom we call.
        case outerRings(status: Int)
        case outerAnswers([UInt8])
    }

    /// Our new offer that the outer party has not answered.
    enum Asking: Hashable, Sendable {
        case nothing
        /// The call machine knows nothing of it.
        case hidden
        /// The call machine asked for it; this is what the outer party was offered.
        case forCalls([UInt8])
    }

    /// A new offer that the call machine has not answered.
    enum Asked: Hashable, Sendable {
        case nothing
        /// The outer party's.
        case byOuter([UInt8])
        /// Ours, so that the inner party learns the outer party's own address.
        case byUs
    }

    let id: SIPLegID
    let session: MediaSession
    let options: MediaOptions

    var waiting: [Item] = []
    var step: (number: UInt64, step: Step)? {
        get { stepNumber.flatMap { number in stepKind.map { (number, $0) } } }
        set {
            stepNumber = newValue?.number
            stepKind = newValue?.step
        }
    }
    private var stepNumber: UInt64?
    private var stepKind: Step?

    /// The outer party's latest session, and what it has of us.
    var outerSaid: [UInt8]?
    var outerHas: [UInt8]?
    /// The inner party's latest session, and what the call machine was given.
    var innerSaid: [UInt8]?
    var innerHas: [UInt8]?

    /// The outer party has an answer, if only the queue's.
    var isAnswered = false
    /// The call machine knows of an answer.
    var isTaken = false
    /// Nobody but the queue is on the inner side.
    var isQueued = false
    var isPlaying = false
    var isRecording = false
    var isHeld = false
    var asking = Asking.nothing
    var asked = Asked.nothing
    /// The call machine's offer that came while ours was on its way.
    var deferred: [UInt8]?

    /// The relay was told of the session, so it must be told of its end.
    var isKnown = false
    /// Too much has waited: all further jobs count as failed.
    var isBroken = false
    /// Its relay is gone: no session goes there any more.
    var isLost = false
    /// Its turn to leave the relay has come.
    var isDue = false
    /// Media no longer passes the relay; something begun in its place has yet to be answered.
    var isDirect = false
    /// Who has yet to learn the other's own address.
    var owesOuter = false
    var owesInner = false
    /// How often one of them would not.
    var refusals = 0
    /// Nothing is kept of the leg any more.
    var isOver = false

    init(id: SIPLegID, session: MediaSession, options: MediaOptions) {
        self.id = id
        self.session = session
        self.options = options
    }
}

extension AnchoredLeg {
    /// No offer is open in either direction, and the relay is not asked.
    var isQuiet: Bool { step == nil && asking == .nothing && asked == .nothing }
}

extension SIPCommand {
    /// The leg that a command is about; nil for those of trunks and registrations.
    var leg: SIPLegID? {
        switch self {
        case .ring(let leg, _, _), .answer(let leg, _), .reject(let leg, _, _, _), .invite(let leg, _),
            .cancel(let leg),
            .info(let leg, _), .acceptReferral(let leg), .referralProgress(let leg, _), .rejectReferral(let leg, _),
            .hangUp(let leg, _), .reoffer(let leg, _), .answerReoffer(let leg, _), .rejectReoffer(let leg, _),
            .acknowledge(let leg, _), .refer(let leg, _):
            leg
        default: nil
        }
    }

    /// Whether nothing is reported of the leg after it.
    var endsLeg: Bool {
        switch self {
        case .reject, .cancel, .hangUp: true
        default: false
        }
    }
}

extension SIPEvent {
    /// Whether it is the last of its leg.
    var endsLeg: Bool {
        switch self {
        case .failed, .cancelled, .ended: true
        default: false
        }
    }
}
