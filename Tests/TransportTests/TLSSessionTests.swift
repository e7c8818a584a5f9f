import Kernel
import TestKit
import Testing
import Transport

@Suite("TLS sessions")
struct TLSSessionTests {
    private let authority = TestAuthority.shared

    @Test("Two sites of one authority learn who the other is")
    func goodHandshake() throws {
        var pair = try SessionPair(client: authority.context("east"), server: authority.context("north"))
        pair.exchange()
        #expect(pair.client.peer?.site == SiteID("north"))
        #expect(pair.server.peer?.site == SiteID("east"))
        #expect(pair.server.peer?.description == "tandem://test/east")
        let expiry = try #require(pair.server.peer?.expiresAt)
        #expect(expiry - SystemClock.wall > .seconds(3_600))
        #expect(pair.clientErrors.isEmpty && pair.serverErrors.isEmpty)
    }

    @Test("Bytes pass in any pieces", arguments: [1, 2, 7, 1_000, 100_000])
    func anyPieces(size: Int) throws {
        var pair = try SessionPair(client: authority.context("east"), server: authority.context("north"))
        pair.pieceBytes = size
        pair.exchange()
        let message = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try pair.client.send(message)
        try pair.server.send(Array(message.prefix(100)))
        pair.exchange()
        #expect(pair.serverReceived == message)
        #expect(pair.clientReceived == Array(message.prefix(100)))
        pair.client.sendEnd()
        pair.exchange()
        #expect(pair.serverEvents.last == .ended)
    }

    @Test("A certificate of another authority is refused at the end that sees it, and the other is told")
    func unknownAuthority() throws {
        var pair = try SessionPair(
            client: authority.context("stranger", authority: "other-ca"),
            server: authority.context("north")
        )
        pair.exchange()
        #expect(pair.clientErrors.first?.code == .tlsAuthorityUnknown)
        #expect(pair.clientErrors.first?.message.contains("is not from this cluster's authority") == true)
        #expect(pair.server.peer == nil)

        var reverse = try SessionPair(client: authority.context("stranger"), server: authority.context("north"))
        reverse.exchange()
        #expect(reverse.serverErrors.first?.code == .tlsAuthorityUnknown)
        #expect(reverse.clientErrors.first?.message.contains("does not know the authority") == true)
        #expect(reverse.server.peer == nil)
    }

    @Test("An expired certificate is refused at either end, with what to do")
    func expired() throws {
        var pair = try SessionPair(client: authority.context("expired"), server: authority.context("north"))
        pair.exchange()
        #expect(pair.serverErrors.first?.code == .tlsCertificateExpired)
        #expect(pair.clientErrors.first?.message.contains("issue a new one") == true)
        var reverse = try SessionPair(client: authority.context("north"), server: authority.context("expired"))
        reverse.exchange()
        #expect(reverse.clientErrors.first?.code == .tlsCertificateExpired)
        #expect(reverse.client.peer == nil)
    }

    @Test("A certificate of another cluster is refused though the authority is the same")
    func otherCluster() throws {
        var pair = try SessionPair(
            client: authority.context("foreign", cluster: "elsewhere"),
            server: authority.context("north")
        )
        pair.exchange()
        #expect(pair.serverErrors.first?.code == .tlsClusterWrong)
        #expect(pair.serverErrors.first?.message.contains("elsewhere") == true)
        #expect(pair.server.peer == nil)
    }

    @Test("Ends that speak different application protocols do not come together")
    func otherProtocol() throws {
        var odd = authority.configuration("east")
        odd.applicationProtocol = "tandem/2"
        var pair = try SessionPair(client: TLSContext(odd), server: authority.context("north"))
        pair.exchange()
        #expect(pair.clientErrors.first?.message.contains("another application protocol") == true)
        #expect(pair.serverErrors.count == 1)
    }

    @Test("Bytes that are no TLS are refused", arguments: Seeds.first(16))
    func noise(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let bytes = (0..<400).map { _ in UInt8.random(in: 0...255, using: &random) }
        let session = try TLSSession(authority.context("north"), role: .server)
        #expect(throws: TransportError.self) {
            _ = try bytes.withUnsafeBytes { try session.receive($0) }
            _ = try bytes.withUnsafeBytes { try session.receive($0) }
        }
        #expect(session.peer == nil)
    }

    @Test("A record changed on its way is refused")
    func tampered() throws {
        var pair = try SessionPair(client: authority.context("east"), server: authority.context("north"))
        pair.exchange()
        try pair.client.send([1, 2, 3])
        var record = pair.client.takeOutput()
        record[record.count - 1] ^= 1
        #expect(throws: TransportError.self) {
            try record.withUnsafeBytes { _ = try pair.server.receive($0) }
        }
    }
}

/// Two sessions and what each said, joined by memory.
private struct SessionPair {
    let client: TLSSession
    let server: TLSSession
    var pieceBytes = 4_096
    private(set) var clientEvents: [TLSSession.Event] = []
    private(set) var serverEvents: [TLSSession.Event] = []
    private(set) var clientErrors: [TransportError] = []
    private(set) var serverErrors: [TransportError] = []

    init(client: TLSContext, server: TLSContext) throws {
        self.client = try TLSSession(client, role: .client)
        self.server = try TLSSession(server, role: .server)
    }

    var clientReceived: [UInt8] { SessionPair.bytes(clientEvents) }
    var serverReceived: [UInt8] { SessionPair.bytes(serverEvents) }

    /// Moves bytes until neither end has more to say.
    mutating func exchange() {
        while true {
            let toServer = client.takeOutput()
            SessionPair.feed(toServer, pieceBytes, to: server, &serverEvents, &serverErrors)
            let toClient = server.takeOutput()
            SessionPair.feed(toClient, pieceBytes, to: client, &clientEvents, &clientErrors)
            if toServer.isEmpty && toClient.isEmpty { return }
        }
    }

    private static func feed(
        _ bytes: [UInt8],
        _ size: Int,
        to session: TLSSession,
        _ events: inout [TLSSession.Event],
        _ errors: inout [TransportError]
    ) {
        guard errors.isEmpty else { return }
        for start in stride(from: 0, to: bytes.count, by: size) {
            do {
                events += try bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { try session.receive($0) }
            } catch {
                errors.append(error as? TransportError ?? TransportError(.system, "\(error)"))
                return
            }
        }
    }

    private static func bytes(_ events: [TLSSession.Event]) -> [UInt8] {
        events.flatMap { event in
            if case .received(let bytes) = event { bytes } else { [UInt8]() }
        }
    }
}
