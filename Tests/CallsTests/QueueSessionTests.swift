import Calls
import Kernel
import TestKit
import Testing

@Suite("Session of a waiting caller")
struct QueueSessionTests {
    private func answer(_ lines: String...) -> [String]? {
        QueueSession.answer(to: Array((lines.joined(separator: "\r\n") + "\r\n").utf8))
            .map { String(decoding: $0, as: UTF8.self).split(separator: "\r\n").map(String.init) }
    }

    @Test("G.711 and telephone events are taken as offered, everything else is left out")
    func plain() throws {
        let lines = try #require(
            answer(
                "v=0",
                "o=- 5 7 IN IP4 192.0.2.1",
                "s=x",
                "c=IN IP4 192.0.2.1",
                "t=0 0",
                "m=audio 4000 RTP/AVP 9 8 0 101 13",
                "a=rtpmap:9 G722/8000",
                "a=rtpmap:101 telephone-event/8000"
            )
        )
        #expect(lines.contains("m=audio 9 RTP/AVP 8 0 101"))
        #expect(lines.contains("a=rtpmap:8 PCMA/8000") && lines.contains("a=rtpmap:0 PCMU/8000"))
        #expect(lines.contains("a=rtpmap:101 telephone-event/8000") && lines.contains("a=fmtp:101 0-15"))
        #expect(lines.contains("c=IN IP4 127.0.0.1") && lines.last == "a=sendrecv")
    }

    @Test("The first stream of voice is answered and all others are declined, in their order")
    func streams() throws {
        let lines = try #require(
            answer(
                "v=0",
                "m=video 5000 RTP/AVP 99",
                "a=rtpmap:99 H264/90000",
                "m=audio 0 RTP/AVP 0",
                "m=audio 4000 RTP/AVP 97",
                "a=rtpmap:97 pcma/8000/1",
                "m=audio 4002 RTP/AVP 0"
            )
        )
        #expect(
            lines.filter { $0.hasPrefix("m=") } == [
                "m=video 0 RTP/AVP 99", "m=audio 0 RTP/AVP 0", "m=audio 9 RTP/AVP 97", "m=audio 0 RTP/AVP 0",
            ]
        )
    }

    @Test(
        "Directions are answered as they must be",
        arguments: [
            ("sendrecv", "sendrecv"), ("sendonly", "recvonly"), ("recvonly", "sendonly"), ("inactive", "inactive"),
        ]
    )
    func directions(offered: String, answered: String) throws {
        let own = try #require(answer("v=0", "m=audio 4000 RTP/AVP 0", "a=\(offered)"))
        let whole = try #require(answer("v=0", "a=\(offered)", "m=audio 4000 RTP/AVP 0"))
        #expect(own.last == "a=\(answered)" && whole.last == "a=\(answered)")
    }

    @Test(
        "An offer without voice that could be played to has no answer",
        arguments: ["", "m=audio 4000 RTP/AVP 9", "m=audio 4000 RTP/SAVP 0", "m=audio 0 RTP/AVP 0", "m=audio x"]
    )
    func unanswerable(line: String) {
        #expect(answer("v=0", line) == nil)
    }

    @Test("Whatever arrives, nothing breaks and an answer has as many streams as the offer", arguments: Seeds.first(50))
    func garbage(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let pieces = [
            "m=", "audio ", "4000 ", "RTP/AVP ", "0 ", "8", "\r\n", "a=", "rtpmap:8 ", "inactive", "\u{0}", "é",
        ]
        let text = (0..<200).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
        guard let answer = QueueSession.answer(to: Array(text.utf8)) else { return }
        let lines = String(decoding: answer, as: UTF8.self).split(separator: "\r\n")
        #expect(lines.filter { $0.hasPrefix("m=audio 9 ") }.count == 1)
    }
}
