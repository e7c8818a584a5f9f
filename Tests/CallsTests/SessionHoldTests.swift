import Calls
import Testing

@Suite("Hold is recognised")
struct SessionHoldTests {
    @Test("a description that asks for silence is a hold, another is not")
    func marks() {
        #expect(SessionHold.isHold(Array("v=0\r\na=sendonly\r\n".utf8)))
        #expect(SessionHold.isHold(Array("v=0\r\nm=audio 1 RTP/AVP 8\r\na=inactive\r\n".utf8)))
        #expect(SessionHold.isHold(Array("v=0\nc=IN IP4 0.0.0.0\n".utf8)))
        #expect(!SessionHold.isHold(Array("v=0\r\na=sendrecv\r\n".utf8)))
        #expect(!SessionHold.isHold([]))
    }
}
