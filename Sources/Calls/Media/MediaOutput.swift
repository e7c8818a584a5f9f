package import Kernel
package import SIP

/// What a media anchor asks of the site around it, or passes on.
package enum MediaOutput: Hashable, Sendable {
    /// Have the relay do this; `MediaAnchor.done` must follow.
    case job(MediaJob)
    /// Have the SIP endpoint do this.
    case command(SIPCommand)
    /// Give this to the call machine.
    case event(SIPEvent)
    /// Something happened.
    case note(MediaNote)
}

/// What an anchor tells of a leg's media.
package enum MediaNote: Hashable, Sendable {
    /// The leg passes the relay by, and why; nothing else will be told of it.
    case notAnchored(SIPLegID, reason: String)
    /// The caller has media of the queue now; what is to be played can be heard.
    case queueAnswered(SIPLegID)
    /// A party pressed a key.
    case digit(SIPLegID, MediaSide, Character)
    /// Clips are played, for so long.
    case playing(SIPLegID, Span)
    /// The relay has done what was asked: it records the leg, or does not for a while.
    case recording(SIPLegID, isPaused: Bool)
    /// The relay failed a leg that was being recorded: `recorded` or `failed` follows for what there is of it.
    case recordingStopped(SIPLegID, reason: String)
    /// The recording is complete, in the file of this name at this site; it may come after the end of the leg.
    case recorded(SIPLegID, MediaSession, file: String)
    /// Something was not done; the call goes on. A recording that fails needs somebody's attention.
    case failed(SIPLegID, MediaTask, reason: String)
}

/// What an anchor wanted of the relay.
package enum MediaTask: String, Hashable, Sendable, CaseIterable {
    /// To lead the leg's media through it.
    case anchoring
    /// To give the waiting caller media.
    case answering
    /// To join two sessions, or to change one.
    case session
    /// To play or to stop playing.
    case announcement
    /// To play music to somebody on hold.
    case holdMusic
    /// To record, again after a pause too, or to complete a recording.
    case recording
    /// To record nothing for a while.
    case pausing
    /// To mute a side.
    case muting
}

/// What is done with an anchored leg beside passing its media on.
package struct MediaOptions: Hashable, Sendable {
    /// What the anchored party hears while the other holds it; empty for nothing.
    package var holdMusic: [MediaClip]

    /// Makes options.
    package init(holdMusic: [MediaClip] = []) {
        self.holdMusic = holdMusic
    }
}
