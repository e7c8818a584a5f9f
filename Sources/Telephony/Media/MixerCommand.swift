import Calls
import Transport

/// Words of the mixer's protocol, which has the form of the relays' own.
enum MixerCommand {
    /// Names the rooms that are to stay although nobody speaks in them.
    static func ping(keeping rooms: [MediaSession]) -> Bencode {
        .dictionary(["command": .text("ping"), "rooms": .texts(rooms.map(\.key))])
    }

    static func open(_ room: MediaSession, _ party: String) -> Bencode {
        command("mix open", room, ["party": .text(party)])
    }

    static func take(_ room: MediaSession, _ party: String, _ session: MixedSession, isSymmetric: Bool) -> Bencode {
        var fields: [String: Bencode] = [
            "party": .text(party), "address": .text(session.host), "port": .integer(Int64(session.port)),
            "codec": .text(session.codec), "symmetric": .integer(isSymmetric ? 1 : 0),
            "hears": .integer(session.hears ? 1 : 0),
        ]
        if let keys = session.keys { fields["keys"] = .integer(Int64(keys)) }
        return command("mix take", room, fields)
    }

    static func hear(_ room: MediaSession, _ hearing: [MixHearing]) -> Bencode {
        let pairs = hearing.map { ($0.party, Bencode.texts($0.hears)) }
        return command("mix hear", room, ["hearing": .dictionary(.init(pairs) { _, last in last })])
    }

    static func close(_ room: MediaSession, _ party: String) -> Bencode {
        command("mix close", room, ["party": .text(party)])
    }

    static func end(_ room: MediaSession) -> Bencode { command("mix end", room, [:]) }

    private static func command(_ name: String, _ room: MediaSession, _ fields: [String: Bencode]) -> Bencode {
        .dictionary(fields.merging(["command": .text(name), "room": .text(room.key)]) { _, last in last })
    }
}
