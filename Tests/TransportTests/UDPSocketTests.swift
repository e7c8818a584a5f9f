import Kernel
import Testing
import Transport

@Suite("UDP sockets", .timeLimit(.minutes(1)))
struct UDPSocketTests {
    @Test("A datagram arrives whole, with the sender's address", arguments: ["127.0.0.1", "::1"])
    func roundTrip(host: String) async throws {
        let any = try #require(SocketAddress(host: host, port: 0))
        try await withLoop { loop in
            let arrived = Mailbox<(bytes: [UInt8], from: SocketAddress)>()
            let addresses = try await loop.run {
                let echo = LoopBound<UDPSocket?>(nil, on: loop)
                let socket = try UDPSocket.bind(on: loop, to: any) { bytes, sender in
                    echo.value?.send(bytes.reversed(), to: sender)
                }
                echo.value = socket
                let client = try UDPSocket.bind(on: loop, to: any) { arrived.put(($0, $1)) }
                #expect(client.send([1, 2, 3], to: socket.localAddress) == .sent)
                #expect(client.receiveBufferBytes > 0)
                return (socket.localAddress, client.localAddress)
            }
            let answer = try await arrived.next()
            #expect(answer.bytes == [3, 2, 1])
            #expect(answer.from == addresses.0)
            #expect(addresses.1.port != 0)
        }
    }

    @Test("A burst arrives in order and without loss, many datagrams in one turn")
    func burst() async throws {
        try await withLoop { loop in
            let arrived = Mailbox<Int>()
            try await loop.run {
                let receiver = try UDPSocket.bind(on: loop, to: .loopback(port: 0)) { bytes, _ in
                    arrived.put(Int(bytes[0]) * 256 + Int(bytes[1]))
                }
                let sender = try UDPSocket.bind(on: loop, to: .loopback(port: 0)) { _, _ in }
                for number in 0..<100 {
                    let bytes = [UInt8(number / 256), UInt8(number % 256)] + [UInt8](repeating: 7, count: 500)
                    #expect(sender.send(bytes, to: receiver.localAddress) == .sent)
                }
                #expect(sender.counters.sent == 100)
            }
            for number in 0..<100 { #expect(try await arrived.next() == number) }
        }
    }

    @Test("The largest datagram passes, a larger one is dropped and counted, and an empty one arrives")
    func sizes() async throws {
        try await withLoop { loop in
            let arrived = Mailbox<Int>()
            let counters = try await loop.run {
                let receiver = try UDPSocket.bind(on: loop, to: .loopback(port: 0)) { bytes, _ in
                    arrived.put(bytes.count)
                }
                let sender = try UDPSocket.bind(on: loop, to: .loopback(port: 0)) { _, _ in }
                let most = Limits.datagramBytesMax
                #expect(sender.send([UInt8](repeating: 1, count: most), to: receiver.localAddress) == .sent)
                #expect(sender.send([UInt8](repeating: 1, count: most + 1), to: receiver.localAddress) == .dropped)
                #expect(sender.send([], to: receiver.localAddress) == .sent)
                return sender.counters
            }
            #expect(try await arrived.next() == Limits.datagramBytesMax)
            #expect(try await arrived.next() == 0)
            #expect(counters.dropped == 1)
        }
    }

    @Test("A port in use is named, with what to do")
    func portInUse() async throws {
        try await withLoop { loop in
            let port = try await loop.run {
                try UDPSocket.bind(on: loop, to: .loopback(port: 0)) { _, _ in }.localAddress.port
            }
            let error = await transportError {
                try await loop.run { _ = try UDPSocket.bind(on: loop, to: .loopback(port: port)) { _, _ in } }
            }
            #expect(error?.code == .addressInUse)
            #expect(error?.message.contains("UDP port \(port) on 127.0.0.1 is in use") == true)
            #expect(error?.message.contains("ss -ulnp") == true)
        }
    }

    @Test("An address of another machine is refused with a reason")
    func foreignAddress() async throws {
        let foreign = try #require(SocketAddress(host: "192.0.2.1", port: 0))
        try await withLoop { loop in
            let error = await transportError {
                try await loop.run { _ = try UDPSocket.bind(on: loop, to: foreign) { _, _ in } }
            }
            #expect(error?.code == .addressInvalid)
            #expect(error?.message.contains("192.0.2.1 is not an address of this machine") == true)
        }
    }

    @Test("A closed socket drops what it is given")
    func closed() async throws {
        try await withLoop { loop in
            let outcome = try await loop.run {
                let socket = try UDPSocket.bind(on: loop, to: .loopback(port: 0)) { _, _ in }
                socket.close()
                socket.close()
                return socket.send([1], to: .loopback(port: 9))
            }
            #expect(outcome == .dropped)
        }
    }
}
