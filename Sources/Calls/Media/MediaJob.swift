package import Kernel

/// Something that a media relay shall do for one anchored leg; answered by exactly one `MediaResult`.
package struct MediaJob: Hashable, Sendable {
    /// Names the job until its result; counts up from 1.
    package var number: UInt64
    /// The relay's session.
    package var session: MediaSession
    /// What is wanted.
    package var request: MediaRequest

    /// Makes a job.
    package init(number: UInt64, session: MediaSession, request: MediaRequest) {
        self.number = number
        self.session = session
        self.request = request
    }
}

/// Names what a media relay keeps for one leg whose media passes through it.
///
/// A session has two sides that keep their addresses as long as it lives: the outer side faces the party of the leg,
/// the inner side whomever that party talks with at the moment.
package struct MediaSession: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The relay's call id; unique in the cluster, and for ever: the contact's key as a rule.
    package let key: String

    /// Makes a name.
    package init(_ key: String) {
        self.key = key
    }

    /// Orders by name.
    package static func < (left: MediaSession, right: MediaSession) -> Bool { left.key < right.key }

    /// The name.
    package var description: String { key }
}

/// A side of a media session.
package enum MediaSide: String, Hashable, Sendable {
    /// The party whose leg is anchored.
    case outer
    /// Whoever talks with that party.
    case inner

    /// The other side.
    package var other: MediaSide { self == .outer ? .inner : .outer }
}

/// What a media relay is asked to do.
package enum MediaRequest: Hashable, Sendable {
    /// A side offers this session; the result is what the other side is to be offered.
    case offer(from: MediaSide, session: [UInt8])
    /// A side answers with this session; the result is what the side that offered is to be answered.
    case answer(from: MediaSide, session: [UInt8])
    /// A side hears these clips one after the other, in place of what it hears now; the result tells how long.
    case play(to: MediaSide, clips: [MediaClip], isRepeated: Bool)
    /// A side hears no clips any more.
    case stopPlaying(to: MediaSide)
    /// What a side says is no longer passed on, or is again.
    case mute(MediaSide, Bool)
    /// The session is recorded from now on, or goes on being so after a pause.
    case record
    /// Nothing is recorded until `record` comes again.
    case pauseRecording
    /// The recording is complete; the result names it.
    case endRecording
    /// The session is over and its ports are free.
    case end
    /// A party is to be mixed with others, in the room that the session names; the result is the session that it is to
    /// be offered or answered. The room is made with its first party.
    case mixOpen(party: String)
    /// What a party of a room offered or answered: where it sends and hears.
    case mixTake(party: String, session: [UInt8])
    /// Who hears whom in a room, in place of what was said before; who is not named hears nobody.
    case mixHearing([MixHearing])
    /// A party leaves its room.
    case mixClose(party: String)
    /// The room is over.
    case mixEnd
}

/// What one party of a room hears.
package struct MixHearing: Hashable, Sendable {
    /// The party.
    package var party: String
    /// Those whom it hears, sorted; never itself.
    package var hears: [String]

    /// Makes one.
    package init(party: String, hears: [String]) {
        self.party = party
        self.hears = hears
    }
}

/// A recorded piece of speech or music.
///
/// A name and a language; the edge knows the files. Numbers are clips too: `number-17`.
package struct MediaClip: Hashable, Sendable {
    /// What is said: `welcome`, `position`, `number-3`, `music`.
    package var name: String
    /// In which language: `en`, `zh-hans`, `zh-hant`; nothing for music.
    package var language: String

    /// Makes one.
    package init(_ name: String, language: String) {
        self.name = name
        self.language = language
    }
}

/// What became of a media job.
package enum MediaResult: Hashable, Sendable {
    /// It was done.
    case done
    /// It was done, and this is the session to pass on.
    case session([UInt8])
    /// Clips are played, for so long.
    case playing(Span)
    /// The recording is complete, in the file of this name at this site.
    case recorded(file: String)
    /// It was not done, and why. The relay may be gone, refuse, or not have answered in time.
    case failed(String)
}
