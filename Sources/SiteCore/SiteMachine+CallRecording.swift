import Calls
import ContactCenter
import Kernel
import Routing
import SIP

/// Recordings of calls at the site where they arrived, and what the agent's desk shows of them.
extension SiteMachine {
    /// Somebody talks with the caller: nothing is announced any more, and the recording begins.
    mutating func mediaAnswered(_ id: ContactID, _ now: Moment) {
        guard let leg = calls.leg(ofCaller: id), let call = anchored[leg] else { return }
        if announcers[id] != nil { follow(media.stopPlaying(leg, now: now), now) }
        stopAnnouncing(id)
        guard call.isRecorded, media.isAnchored(leg) else { return }
        anchored[leg]?.isRecording = true
        // One that was paused stays so with the next agent; else the agent is told when the relay has begun.
        if call.isPaused { tellRecording(of: id, .paused) } else { follow(media.record(leg, now: now), now) }
    }

    /// Pauses the recording of a call here, or goes on with it; false when it is not recorded.
    ///
    /// The agent, who may have a card number said next, sees the pause only when the relay has confirmed it.
    mutating func pauseRecording(_ id: ContactID, _ isPaused: Bool, _ now: Moment) -> Bool {
        guard let leg = calls.leg(ofCaller: id), let call = anchored[leg], call.isRecording else { return false }
        anchored[leg]?.isPaused = isPaused
        follow(isPaused ? media.pauseRecording(leg, now: now) : media.record(leg, now: now), now)
        return true
    }

    /// The relay records a call, or does not for a while.
    mutating func recordingChanged(_ leg: SIPLegID, _ isPaused: Bool) {
        guard let call = anchored[leg], let contact = call.contact, !call.isIncomplete else { return }
        let event = isPaused ? "recording.paused" : call.confirmed == .off ? "recording.begun" : "recording.resumed"
        anchored[leg]?.confirmed = isPaused ? .paused : .on
        log(.info, event, [("contact", contact.key)])
        tellRecording(of: contact, isPaused ? .paused : .on)
    }

    /// The relay did not do what was asked of a recording: what was before is taken to go on, and the agent hears so.
    mutating func recordingUnchanged(_ leg: SIPLegID, _ contact: ContactID) {
        guard let call = anchored[leg], call.isRecording, !call.isIncomplete else { return }
        anchored[leg]?.isPaused = call.confirmed == .paused
        tellRecording(of: contact, call.confirmed, isRefused: true)
    }

    /// The relay failed in the middle of a recording: what there is of it gets its name, and the agent is told.
    mutating func recordingStopped(_ leg: SIPLegID, _ reason: String) {
        guard let contact = anchored[leg]?.contact else { return }
        anchored[leg]?.isIncomplete = true
        alarm("recording.stopped", [("contact", contact.key), ("why", reason)])
        tellRecording(of: contact, .stopped)
    }

    /// A recording has its name, or there is nothing of it.
    mutating func recordingOver(_ leg: SIPLegID, _ contact: ContactID, _ file: String) {
        if anchored[leg]?.isIncomplete == true {
            let name = RecordingName(site: site, file: file)
            pipeline.add(ContactEdits.incomplete(contact, name), for: .record(contact))
        }
        anchored[leg]?.isRecording = false
        anchored[leg]?.isIncomplete = false
        if contacts[contact] == nil || media.session(of: leg) == nil { anchored[leg] = nil }
    }

    /// Tells the site of the agent who talks, if any, how the recording of her call stands.
    private mutating func tellRecording(of id: ContactID, _ state: DeskCall.Recording, isRefused: Bool = false) {
        guard let live = contacts[id], case .talking(let bridge, _) = live.stage, let agent = live.agent else { return }
        if agent.1 == site {
            recordingIs(state, of: bridge, isRefused: isRefused)
        } else {
            send(.recording(bridge, state, isRefused: isRefused), to: agent.1)
        }
    }

    /// At the agent's site: how the recording stands; `isRefused` when that is not what was asked for.
    mutating func recordingIs(_ state: DeskCall.Recording, of bridge: BridgeID, isRefused: Bool) {
        guard let reservation = bridges[bridge], desks[reservation.number] != nil else { return }
        let before = desks[reservation.number]?.recording
        desks[reservation.number]?.recording = state
        changedViews.insert(.desk(reservation.agent))
        let text: String
        switch state {
        case .stopped where before != .stopped:
            text = "The recording has stopped because the media relay failed. The call goes on unrecorded."
        case .on where isRefused:
            text = "The media relay did not pause the recording. Have nothing said that must not be in it."
        case .paused where isRefused: text = "The media relay did not resume the recording. Try again."
        case .off where isRefused: text = "The media relay does not record this call, though its queue wants that."
        default: return
        }
        outbox.append(.notice(reservation.agent, SiteNotice(.warning, text)))
    }

    /// At the agent's site: the agent wants the recording paused, or to go on.
    mutating func askForPause(_ bridge: BridgeID, _ isPaused: Bool, _ now: Moment) throws(Refusal) {
        guard let reservation = bridges[bridge], let desk = desks[reservation.number], desk.recording != .off else {
            throw Refusal(.conflict, "This call is not recorded.")
        }
        guard desk.recording != .stopped else {
            throw Refusal(.conflict, "The recording has stopped because the media relay failed.")
        }
        if desk.originSite == site {
            _ = pauseRecording(calls.owner(of: bridge), isPaused, now)
        } else if linked.contains(desk.originSite) {
            send(.pauseRecording(bridge, isPaused), to: desk.originSite)
        } else {
            throw Refusal(.unavailable, "The site that records this call cannot be reached.")
        }
    }
}
