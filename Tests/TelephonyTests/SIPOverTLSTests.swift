import Kernel
import SIP
import Telephony
import Testing
import Transport

@Suite("SIP over TLS", .timeLimit(.minutes(1)))
struct SIPOverTLSTests {
    private let certificates = TestCertificates.shared

    @Test("Packets pass both ways over one connection, by the server's address or its name", arguments: [true, false])
    func goodCertificate(isNamed: Bool) async throws {
        let server = try certificates.context(isNamed ? "named" : "node")
        try await withPair(server: server, client: certificates.context(nil)) { node, carrier in
            if isNamed { try await node.run { $0.expect("sip.example.test", at: [carrier.address], of: "carrier") } }
            try await node.send(.tls, to: carrier.address, Array("INVITE".utf8))
            try await node.send(.tls, to: carrier.address, Array(" sip:".utf8))
            var bytes: [UInt8] = []
            var flow: UInt64?
            while bytes.count < 11 {
                let packet = try await carrier.nextPacket()
                #expect(packet.transport == .tls && packet.local == carrier.address)
                flow = packet.flow
                bytes += packet.bytes
            }
            #expect(bytes == Array("INVITE sip:".utf8))
            try await carrier.send(.tls, to: SIPAddress(host: "192.0.2.1", port: 9), [7], flow: flow)
            #expect(try await node.nextPacket().bytes == [7])
            #expect(try await carrier.run { $0.flowCount } == 1)
        }
    }

    @Test(
        "To a server without the right certificate nothing is sent, and the reason is told",
        arguments: [
            ("stranger", "not from an authority that is trusted here"), ("late", "has expired"),
            ("phone", "is for another host"),
        ]
    )
    func wrongCertificate(name: String, words: String) async throws {
        try await withPair(server: certificates.context(name), client: certificates.context(nil)) { node, carrier in
            try await node.run { $0.expect("sip.example.test", at: [carrier.address], of: "carrier") }
            try await node.send(.tls, to: carrier.address, [1])
            #expect(try await node.nextProblem().contains(words))
            // The carrier hears of the failure, and of nothing else.
            _ = try await carrier.nextRefusal()
        }
    }

    @Test("The address is not enough when a name was asked for, nor a name when the address was")
    func nameAndAddress() async throws {
        try await withPair(server: certificates.context("named"), client: certificates.context(nil)) { node, carrier in
            try await node.send(.tls, to: carrier.address, [1])
            #expect(try await node.nextProblem().contains("is for another host"))
        }
        try await withPair(server: certificates.context("node"), client: certificates.context(nil)) { node, carrier in
            try await node.run { $0.expect("other.example.test", at: [carrier.address], of: "carrier") }
            try await node.send(.tls, to: carrier.address, [1])
            #expect(try await node.nextProblem().contains("is for another host"))
        }
    }

    @Test("A server may ask for certificates: then only those of its authority get in")
    func clientCertificates() async throws {
        let server = try certificates.context("node", asksClients: true)
        for (name, words) in [(nil, "showed no certificate"), ("stranger", "not from an authority")] {
            let client = try certificates.context(name)
            try await withPair(server: server, client: client) { phone, node in
                try await phone.send(.tls, to: node.address, [1])
                #expect(try await node.nextRefusal().contains(words))
            }
        }
        try await withPair(server: server, client: certificates.context("phone")) { phone, node in
            try await phone.send(.tls, to: node.address, [1])
            #expect(try await node.nextPacket().bytes == [1])
        }
    }

    @Test("Whoever does not speak TLS, or never finishes its handshake, is turned away")
    func noHandshake() async throws {
        var times = SIPSockets.Times()
        times.handshake = .milliseconds(50)
        let server = try certificates.context("node")
        try await withPair(server: server, client: certificates.context(nil), times: times) { phone, node in
            try await phone.send(.tcp, to: node.address, Array("OPTIONS sip:a SIP/2.0\r\n\r\n".utf8))
            #expect(try await node.nextRefusal().contains("no TLS at all"))
            let loop = phone.loop
            let silent = Mailbox<LoopBound<TCPConnection>>()
            let target = try #require(SocketAddress(host: "127.0.0.1", port: node.address.port))
            try await loop.run {
                _ = try TCPConnection.connect(on: loop, to: target) { result in
                    if let connection = try? result.get() { silent.put(LoopBound(connection, on: loop)) }
                }
            }
            _ = try await silent.next()
            #expect(try await node.nextRefusal().contains("No TLS handshake within"))
            #expect(try await node.run { $0.flowCount } == 0)
        }
    }

    @Test("New certificates hold for the connections that come")
    func renewal() async throws {
        let client = try certificates.context(nil)
        try await withPair(server: certificates.context("stranger"), client: client) { node, carrier in
            try await node.send(.tls, to: carrier.address, [1])
            #expect(try await node.nextProblem().contains("not from an authority"))
            let renewed = SIPTLS(server: try certificates.context("node"))
            try await carrier.run { $0.use(renewed) }
            try await node.send(.tls, to: carrier.address, [2])
            #expect(try await carrier.nextPacket().bytes == [2])
            let end = try #require(try await carrier.run { $0.certificateExpiresAt })
            #expect(end > SystemClock.wall)
        }
    }

    @Test("A TLS port without a certificate is refused, and so are files that do not belong together")
    func badFiles() async throws {
        try await withLoop { loop in
            let error = await transportError { _ = try await TestSockets(loop, [("127.0.0.1", [.tls])]) }
            #expect(error?.code == .tlsFile && error?.message.contains("none is configured") == true)
        }
        let folder = certificates.folder
        let mixed = TLSServiceConfiguration(certificateFile: "\(folder)/node.pem", keyFile: "\(folder)/phone.key")
        let error = await transportError { _ = try TLSServiceContext(mixed) }
        #expect(error?.message.contains("is not the private key") == true)
        let half = await transportError {
            _ = try TLSServiceContext(TLSServiceConfiguration(certificateFile: "\(folder)/node.pem"))
        }
        #expect(half?.message.contains("needs its key") == true)
    }

    /// A client at a UDP and TCP port, and a server at a TLS port.
    private func withPair(
        server: TLSServiceContext,
        client: TLSServiceContext,
        times: SIPSockets.Times = SIPSockets.Times(),
        _ body: (TestSockets, TestSockets) async throws -> Void
    ) async throws {
        try await withLoop { loop in
            let a = try await TestSockets(loop, tls: SIPTLS(client: client), times: times)
            let b = try await TestSockets(loop, [("127.0.0.1", [.tls])], tls: SIPTLS(server: server), times: times)
            try await body(a, b)
        }
    }
}
