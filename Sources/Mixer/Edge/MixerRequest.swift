import Kernel
import Transport

/// What a node asks of the mixer; the words of its protocol.
enum MixerRequest {
    /// Whether the mixer lives; rooms of these names are to stay.
    case ping(rooms: [String])
    /// A party gets a port in a room; the room is made with its first party.
    case open(room: String, party: String)
    /// Where a party is and what it understands.
    case take(room: String, party: String, MixerSession)
    /// Who hears whom.
    case hear(room: String, [String: [String]])
    /// A party leaves.
    case close(room: String, party: String)
    /// A room is over.
    case end(room: String)

    /// Reads a request; throws what is wrong with it.
    init(_ body: Bencode) throws(MixerProblem) {
        switch body["command"]?.asText {
        case "ping": self = .ping(rooms: Self.names(body["rooms"]))
        case "mix open": self = .open(room: try Self.name("room", body), party: try Self.name("party", body))
        case "mix take":
            self = .take(room: try Self.name("room", body), party: try Self.name("party", body), try Self.session(body))
        case "mix hear":
            guard case .dictionary(let hearing) = body["hearing"] else {
                throw MixerProblem("the request says not who hears whom")
            }
            self = .hear(room: try Self.name("room", body), hearing.mapValues { Self.names($0) })
        case "mix close": self = .close(room: try Self.name("room", body), party: try Self.name("party", body))
        case "mix end": self = .end(room: try Self.name("room", body))
        default: throw MixerProblem("the mixer knows no such command")
        }
    }

    private static func name(_ field: String, _ body: Bencode) throws(MixerProblem) -> String {
        guard let name = body[field]?.asText, !name.isEmpty, name.utf8.count <= Limits.mixerNameBytesMax else {
            throw MixerProblem("the request names no \(field)")
        }
        return name
    }

    private static func names(_ list: Bencode?) -> [String] {
        guard case .list(let values) = list else { return [] }
        return values.compactMap(\.asText)
    }

    private static func session(_ body: Bencode) throws(MixerProblem) -> MixerSession {
        guard let host = body["address"]?.asText, let port = body["port"]?.asInteger.flatMap({ UInt16(exactly: $0) }),
            port != 0, let address = SocketAddress(host: host, port: port)
        else { throw MixerProblem("the party's address is none") }
        guard let law = body["codec"]?.asText.flatMap({ VoiceLaw(name: $0) }) else {
            throw MixerProblem("the mixer speaks G.711 only")
        }
        let keys = body["keys"]?.asInteger.flatMap { (96...127).contains($0) ? UInt8($0) : nil }
        return MixerSession(
            address: address,
            law: law,
            keys: keys,
            isSymmetric: body["symmetric"]?.asInteger == 1,
            hears: body["hears"]?.asInteger != 0
        )
    }
}

/// Why the mixer did not do something.
struct MixerProblem: Error {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
