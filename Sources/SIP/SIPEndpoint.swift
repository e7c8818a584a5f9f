package import Kernel

/// A SIP user agent and registrar as a value: packets, commands and times in, packets and events out.
package struct SIPEndpoint: Sendable {
    let configuration: SIPConfiguration
    var random: SeededRandom
    var outputs: [SIPOutput] = []

    /// Makes an endpoint that knows nobody.
    package init(_ configuration: SIPConfiguration, random: SeededRandom) {
        self.configuration = configuration
        self.random = random
    }

    /// When `advance` is next due; nil when nothing is pending.
    package var nextDeadline: Instant? { nil }

    /// Takes bytes from a socket.
    package mutating func receive(_ packet: SIPPacket, now: Moment) -> [SIPOutput] {
        drain()
    }

    /// Learns that a stream connection closed.
    package mutating func flowClosed(_ flow: UInt64, now: Moment) -> [SIPOutput] {
        drain()
    }

    /// Does what is due: repetitions, time-outs, expiries.
    package mutating func advance(now: Moment) -> [SIPOutput] {
        drain()
    }

    /// Carries out a command.
    package mutating func perform(_ command: SIPCommand, now: Moment) -> [SIPOutput] {
        drain()
    }

    /// Sets the digest secret (HA1 in hex) of a user who may register here; nil takes the right away.
    @discardableResult
    package mutating func setCredential(user: String, ha1: String?) -> [SIPOutput] {
        drain()
    }

    /// Whether a phone of the user is registered here.
    package func isRegistered(_ user: String) -> Bool {
        false
    }

    mutating func drain() -> [SIPOutput] {
        defer { outputs = [] }
        return outputs
    }
}
