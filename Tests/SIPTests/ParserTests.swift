import Kernel
import SIP
import TestKit
import Testing

@Suite struct ParserTests {
    private func parse(_ text: String) throws -> SIPMessage {
        try SIPMessage(parsing: Array(text.utf8))
    }

    private func text(_ bytes: ArraySlice<UInt8>?) -> String {
        String(decoding: bytes ?? [], as: UTF8.self)
    }

    @Test("A tortuous INVITE is read: compact names, odd blanks, folded lines, escapes, unknown headers")
    func tortuous() throws {
        let message = [
            "INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0",
            "t :",
            " sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n",
            "f   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>",
            "  ;",
            "  tag = 98asjd8",
            "Max-Forwards: 0068",
            "i: wsinv.ndaksdj@192.0.2.1",
            "CSeq: 0009",
            "  INVITE",
            "v:  SIP  / 2.0",
            "   /UDP",
            "    192.0.2.2;branch=390skdjuw",
            "X-Nothing:",
            "m:\"Quoted string \\\"\\\"\" <sip:jdrosen@example.com> ; newparam",
            "      =",
            "  newvalue ; q = 0.33",
            "l: 0",
            "", "",
        ].joined(separator: "\r\n")
        guard case .request(let envelope, let uri) = SIPEnvelope.open(Array(message.utf8)) else {
            Issue.record("not taken as a request")
            return
        }
        #expect(uri.userText == "vivekg")
        #expect(envelope.method == .invite)
        #expect(envelope.cseq == 9)
        #expect(envelope.fromTag == "98asjd8")
        #expect(envelope.toTag == "1918181833n")
        #expect(envelope.from.displayName == "J Rosenberg \\\"")
        #expect(text(envelope.via.host) == "192.0.2.2")
        #expect(text(envelope.via.branch) == "390skdjuw")
        #expect(text(envelope.callID) == "wsinv.ndaksdj@192.0.2.1")
    }

    @Test("Lists are split at commas, but not within quotes and brackets")
    func lists() throws {
        let message = try parse(
            "SIP/2.0 200 OK\r\nContact: \"a, b\" <sip:x@h;p=1,2>, <sip:y@h>\r\nm: sip:z@h;q=1\r\n\r\n"
        )
        #expect(message.list(.contact).map(text) == ["\"a, b\" <sip:x@h;p=1,2>", "<sip:y@h>", "sip:z@h;q=1"])
        #expect(message.status == 200)
    }

    @Test("A name-addr without brackets leaves its parameters to the header")
    func bareAddress() throws {
        let bare = try #require(SIPNameAddress(Array("sip:bob@host;tag=12".utf8)[...]))
        #expect(text(bare.uri) == "sip:bob@host")
        #expect(bare.tag == "12")
        let bracketed = try #require(SIPNameAddress(Array("Bob <sip:bob@host;tag=12>".utf8)[...]))
        #expect(bracketed.tag == nil)
        #expect(bracketed.displayName == "Bob")
    }

    @Test("URIs are cut into user, host, port and parameters")
    func uris() throws {
        let full = try SIPURI(Array("sips:a%20b;x=1:secret@[2001:db8::1]:5071;transport=tcp?h=v".utf8)[...])
        #expect(full.scheme == .sips)
        #expect(full.userText == "a b")
        #expect(text(full.host) == "2001:db8::1")
        #expect(full.port == 5_071)
        #expect(text(full.parameters["transport"]) == "tcp")
        #expect(try SIPURI(Array("tel:+1-201-555-0123;phone-context=x".utf8)[...]).userText == "+1-201-555-0123")
        #expect(throws: SIPURI.Failure.scheme) { try SIPURI(Array("mailto:a@b".utf8)[...]) }
        for bad in ["sip:", "sip:@h", "sip:a@", "sip:a@h:0", "sip:a@h:99999", "sip:a b@h", "sip:a@[::1", "nothing"] {
            #expect(throws: SIPURI.Failure.malformed) { try SIPURI(Array(bad.utf8)[...]) }
        }
    }

    @Test("Header names are known in any case and form, and unknown ones are carried")
    func names() throws {
        let message = try parse("BYE sip:a@b SIP/2.0\r\nCALL-id: 1\r\ni: 2\r\nX-Own: 3\r\n\r\n")
        #expect(message.count(of: .callID) == 2)
        #expect(message.headers.last?.name == .other)
        #expect(text(message.headers.last?.writtenName) == "X-Own")
    }

    @Test(
        "What is not a message is refused",
        arguments: [
            "", "\r\n\r\n", "INVITE\r\n\r\n", "INVITE sip:a@b\r\n\r\n", "SIP/2.0 99 X\r\n\r\n", "SIP/2.0 700 X\r\n\r\n",
            "SIP/2.0 2000 X\r\n\r\n", "SIP/2.0 200 OK\r\nVia: x", "SIP/2.0 200 OK\nVia: x\n\n",
            "SIP/2.0 200 OK\r\nA: b\rC: d\r\n\r\n", "GET / HTTP/1.1\n\n",
        ]
    )
    func refused(_ text: String) {
        #expect(throws: SIPSyntaxError.self) { try SIPMessage(parsing: Array(text.utf8)) }
    }

    @Test("Too many headers and too long messages are refused")
    func limits() {
        let many = "BYE sip:a@b SIP/2.0\r\n" + String(repeating: "A: b\r\n", count: Limits.sipHeadersMax + 1) + "\r\n"
        #expect(throws: SIPSyntaxError.tooLarge) { try SIPMessage(parsing: Array(many.utf8)) }
        let long = [UInt8](repeating: 65, count: Limits.sipMessageBytesMax + 1)
        #expect(throws: SIPSyntaxError.tooLarge) { try SIPMessage(parsing: long) }
    }

    @Test("No mutation of good messages brings the endpoint down, and it goes on serving", arguments: Seeds.first(40))
    func mutations(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var wire = VirtualWire(seed: seed)
        let originals = [
            Messages.request("INVITE", "sip:1@10.0.0.1", ["Content-Type": "application/sdp"], body: "v=0\r\n"),
            Messages.request("REGISTER", "sip:10.0.0.1", ["Expires": "60", "Authorization": "Digest nonce=\"a\""]),
            Messages.request("OPTIONS", "sip:10.0.0.1"),
            Messages.request("CANCEL", "sip:1@10.0.0.1"),
            "SIP/2.0 180 Ringing\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK0011223344556677\r\n"
                + "From: <sip:a@b>;tag=1\r\nTo: <sip:b@b>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\r\n",
        ].map { Array($0.utf8) }
        for _ in 0..<250 {
            var bytes = originals[Int(random.next() % UInt64(originals.count))]
            for _ in 0...(random.next() % 4) {
                let place = Int(random.next() % UInt64(max(bytes.count, 1)))
                switch random.next() % 4 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(contentsOf: bytes[place..<min(place + 20, bytes.count)], at: place)
                default: bytes.removeLast(min(bytes.count - 1, Int(random.next() % 30)))
                }
                if bytes.isEmpty { bytes = [13] }
            }
            let packet = SIPPacket(transport: .udp, remote: SIPAddress(host: "192.0.2.9", port: 5_070), bytes: bytes)
            let at = wire.moment
            for output in wire.endpoints[0].receive(packet, now: at) {
                if case .send(let reply) = output {
                    #expect(reply.remote == packet.remote)
                    #expect(throws: Never.self) { try SIPMessage(parsing: reply.bytes) }
                }
            }
        }
        let replies = wire.inject(Messages.request("OPTIONS", "sip:10.0.0.1", ["Call-ID": "after"]))
        #expect(replies.compactMap(\.status) == [200])
    }
}
