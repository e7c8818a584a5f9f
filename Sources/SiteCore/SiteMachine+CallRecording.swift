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
        // One that was paused stays so with the next agent.
        if !call.isPaused { follow(media.record(leg, now: now), now) }
        if let live = contacts[id], case .talking(let bridge, _) = live.stage, let agent = live.agent {
            tellRecording(of: bridge, call.isPaused ? .paused : .on, to: agent.1)
        }
    }

    /// Pauses the recording of a call here, or goes on with it; false when it is not recorded.
    mutating func pauseRecording(
        _ id: ContactID,
        _ isPaused: Bool,
        over bridge: BridgeID,
        for asker: SiteID,
        _ now: Moment
    ) -> Bool {
        guard let leg = calls.leg(ofCaller: id), let call = anchored[leg], call.isRecording else { return false }
        anchored[leg]?.isPaused = isPaused
        follow(isPaused ? media.pauseRecording(leg, now: now) : media.record(leg, now: now), now)
        log(.info, isPaused ? "recording.paused" : "recording.resumed", [("contact", id.key)])
        tellRecording(of: bridge, isPaused ? .paused : .on, to: asker)
        return true
    }

    /// The relay failed in the middle of a recording: what there is of it gets its name, and the agent is told.
    mutating func recordingStopped(_ leg: SIPLegID, _ reason: String) {
        guard let contact = anchored[leg]?.contact else { return }
        anchored[leg]?.isIncomplete = true
        alarm("recording.stopped", [("contact", contact.key), ("why", reason)])
        guard let live = contacts[contact], case .talking(let bridge, _) = live.stage, let agent = live.agent else {
            return
        }
        tellRecording(of: bridge, .stopped, to: agent.1)
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

    /// Tells the agent's site how the recording of her call stands.
    private mutating func tellRecording(of bridge: BridgeID, _ state: DeskCall.Recording, to peer: SiteID) {
        if peer == site { recordingIs(state, of: bridge) } else { send(.recording(bridge, state), to: peer) }
    }

    /// At the agent's site: how the recording stands.
    mutating func recordingIs(_ state: DeskCall.Recording, of bridge: BridgeID) {
        guard let reservation = bridges[bridge], desks[reservation.number] != nil else { return }
        let before = desks[reservation.number]?.recording
        desks[reservation.number]?.recording = state
        changedViews.insert(.desk(reservation.agent))
        guard state == .stopped, before != .stopped else { return }
        let text = "The recording has stopped because the media relay failed. The call goes on unrecorded."
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
            _ = pauseRecording(calls.owner(of: bridge), isPaused, over: bridge, for: site, now)
        } else if linked.contains(desk.originSite) {
            send(.pauseRecording(bridge, isPaused), to: desk.originSite)
        } else {
            throw Refusal(.unavailable, "The site that records this call cannot be reached.")
        }
    }
}
