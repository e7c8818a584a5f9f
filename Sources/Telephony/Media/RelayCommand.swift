import Calls
import Transport

/// Words of the relay's protocol: each function makes one command about a session.
///
/// Checked by experiment with rtpengine 10.5. `port latching` is what lets both sides keep their ports while the party
/// behind a side changes; without it every new agent would need a re-INVITE of the caller.
enum RelayCommand {
    static let ping = Bencode.dictionary(["command": .text("ping")])

    /// A session from `side`; the other side is named once the relay knows it.
    static func offer(_ session: MediaSession, from side: MediaSide, _ sdp: [UInt8], isOtherKnown: Bool) -> Bencode {
        var more = describing(sdp)
        // G.711 and keys only: this is what can be announced to, recorded and understood by every phone. The relay
        // converts between the two laws, or from another codec, when the two sides chose differently.
        more["codec"] = .dictionary([
            "strip": .texts(["all"]), "offer": .texts(["PCMA", "PCMU", "telephone-event"]),
            "transcode": .texts(["PCMA", "PCMU"]),
        ])
        if isOtherKnown { more["to-tag"] = .text(side.other.rawValue) }
        return command("offer", session, from: side, more)
    }

    /// The answer of `side`: in this protocol "from" is always whoever offered.
    static func answer(_ session: MediaSession, from side: MediaSide, _ sdp: [UInt8]) -> Bencode {
        var more = describing(sdp)
        more["to-tag"] = .text(side.rawValue)
        return command("answer", session, from: side.other, more)
    }

    /// `from-tag` names the listener here.
    static func play(_ session: MediaSession, to side: MediaSide, file: String, isRepeated: Bool) -> Bencode {
        var more = ["file": Bencode.text(file)]
        if isRepeated { more["repeat-times"] = .integer(repeatsForEver) }
        return command("play media", session, from: side, more)
    }

    static func stopPlaying(_ session: MediaSession, to side: MediaSide) -> Bencode {
        command("stop media", session, from: side)
    }

    /// Drops what a side says, so that the other hears a clip and nothing beside it.
    static func block(_ session: MediaSession, _ side: MediaSide, _ isBlocked: Bool) -> Bencode {
        command(isBlocked ? "block media" : "unblock media", session, from: side)
    }

    /// Replaces what a side says by silence: packets go on flowing, so that no phone takes the line for dead.
    static func silence(_ session: MediaSession, _ side: MediaSide, _ isSilent: Bool) -> Bencode {
        command(isSilent ? "silence media" : "unsilence media", session, from: side)
    }

    static func record(_ session: MediaSession, _ isRecording: Bool) -> Bencode {
        command(isRecording ? "start recording" : "stop recording", session)
    }

    /// Asks about a session; refused when the relay does not have it.
    static func query(_ session: MediaSession) -> Bencode { command("query", session) }

    static func delete(_ session: MediaSession) -> Bencode {
        command("delete", session, ["delete-delay": .integer(0)])
    }

    /// Longer than any call, even of one second of music.
    private static let repeatsForEver: Int64 = 1_000_000_000

    private static func describing(_ sdp: [UInt8]) -> [String: Bencode] {
        [
            "sdp": .bytes(sdp),
            "flags": .texts(["port-latching"]),
            "replace": .texts(["origin", "session-connection", "SDP-version", "username", "session-name"]),
        ]
    }

    private static func command(
        _ name: String,
        _ session: MediaSession,
        from side: MediaSide? = nil,
        _ more: [String: Bencode] = [:]
    ) -> Bencode {
        var fields = more
        fields["command"] = .text(name)
        fields["call-id"] = .text(session.key)
        if let side { fields["from-tag"] = .text(side.rawValue) }
        return .dictionary(fields)
    }
}
