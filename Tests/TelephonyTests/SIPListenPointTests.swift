import Kernel
import SIP
import Telephony
import Testing
import Transport

@Suite("SIP ports", .timeLimit(.minutes(1)))
struct SIPListenPointTests {
    @Test("An answer leaves by the port that was asked")
    func answersLeaveByTheirPort() async throws {
        try await withLoop { loop in
            let node = try await TestSockets(loop, [("127.0.0.1", [.udp]), ("127.0.0.1", [.udp])])
            let phone = try await TestSockets(loop)
            for address in node.addresses {
                try await phone.send(.udp, to: address, [1])
                let request = try await node.nextPacket()
                #expect(request.local == address)
                let answer = SIPPacket(transport: .udp, local: request.local, remote: request.remote, bytes: [2])
                try await node.run { $0.send(answer) }
                #expect(try await phone.nextPacket().remote == address)
            }
        }
    }

    @Test("IPv6 works over UDP and TCP beside IPv4, each by its own socket", .enabled { try await hasLoopbackV6() })
    func bothInternets() async throws {
        try await withLoop { loop in
            let both: [(host: String, transports: Set<SIPTransport>)] = [
                ("127.0.0.1", [.udp, .tcp]), ("::1", [.udp, .tcp]),
            ]
            let node = try await TestSockets(loop, both)
            let phone = try await TestSockets(loop, both)
            for (transport, index) in [(SIPTransport.udp, 0), (.udp, 1), (.tcp, 0), (.tcp, 1)] {
                try await phone.send(transport, to: node.addresses[index], [UInt8(index)])
                let packet = try await node.nextPacket()
                #expect(packet.transport == transport && packet.local == node.addresses[index])
                #expect(packet.remote.host == node.addresses[index].host)
                if transport == .udp { #expect(packet.remote == phone.addresses[index]) }
            }
        }
    }

    @Test("A datagram to the other internet is told as not sent")
    func otherInternet() async throws {
        try await withLoop { loop in
            let node = try await TestSockets(loop)
            try await node.send(.udp, to: SIPAddress(host: "::1", port: 9), [1])
            #expect(try await node.nextProblem().contains("No UDP socket for IPv6"))
        }
    }

    @Test("All ports are opened or none")
    func allOrNone() async throws {
        try await withLoop { loop in
            let taken = try await TestSockets(loop)
            let first = try await TestSockets(loop)
            let free = try #require(SocketAddress(host: "127.0.0.1", port: first.address.port))
            let used = try #require(SocketAddress(host: "127.0.0.1", port: taken.address.port))
            try await first.run { $0.close() }
            let error = await transportError {
                try await loop.run {
                    _ = try SIPSockets.open(at: [SIPListenPoint(free), SIPListenPoint(used)], on: loop) { _ in }
                }
            }
            #expect(error?.code == .addressInUse)
            // The first is free again.
            try await loop.run { try SIPSockets.open(at: free, on: loop) { _ in }.close() }
        }
    }

    @Test("TCP and TLS cannot share a port")
    func sharedPort() async throws {
        let tls = SIPTLS(server: try TestCertificates.shared.context("node"))
        try await withLoop { loop in
            let error = await transportError {
                _ = try await TestSockets(loop, [("127.0.0.1", [.tcp, .tls])], tls: tls)
            }
            #expect(error?.code == .addressInvalid)
        }
    }

    @Test("One address may not open connections without bound, and has room again when some are gone")
    func connectionsOfOneAddress() async throws {
        try await withLoop { loop in
            let node = try await TestSockets(loop)
            let target = try #require(SocketAddress(host: "127.0.0.1", port: node.address.port))
            let ends = Mailbox<Bool>()
            try await loop.run {
                for _ in 0...Limits.sipFlowsSilentPerAddressMax {
                    _ = try TCPConnection.connect(on: loop, to: target) { result in
                        guard let connection = try? result.get() else { return }
                        connection.onClose = { _ in ends.put(true) }
                        connection.startReading()
                    }
                }
            }
            #expect(try await node.nextRefusal().contains("on which it said nothing"))
            _ = try await ends.next()
            try await node.run { $0.close(flow: 1) }
            _ = try await ends.next()
            let phone = try await TestSockets(loop)
            try await phone.send(.tcp, to: node.address, [1])
            #expect(try await node.nextPacket().bytes == [1])
        }
    }
}

/// Whether this machine has the IPv6 loopback address.
private func hasLoopbackV6() async throws -> Bool {
    try await withLoop { loop in
        guard let address = SocketAddress(host: "::1", port: 0) else { return false }
        let error = await transportError {
            try await loop.run { try UDPSocket.bind(on: loop, to: address) { _, _ in }.close() }
        }
        return error == nil
    }
}
