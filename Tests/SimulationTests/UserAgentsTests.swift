import Kernel
import SIP
import Simulation
import Testing

@Suite struct UserAgentsTests {
    private func at(_ milliseconds: Int64) -> Moment {
        Moment(instant: Instant(milliseconds: milliseconds), wall: WallTime(milliseconds: milliseconds))
    }

    private let media = SIPAddress(host: "192.0.2.1", port: 4_000)
    private let site = SIPAddress(host: "192.0.2.2", port: 5_060)

    @Test("An answer takes the first known format and mirrors the direction")
    func answers() {
        var phone = SessionText(media: media, session: 7)
        let offer = Array(
            ("v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\n"
                + "m=audio 9000 RTP/AVP 18 8 0 101\r\na=sendonly\r\n").utf8
        )
        let answer = phone.answer(to: offer)
        let text = String(decoding: answer, as: UTF8.self)
        #expect(text.contains("m=audio 4000 RTP/AVP 8 101\r\n"))
        #expect(SessionText.direction(of: answer) == .recvonly)
        #expect(SessionText.media(in: answer) == media)
        #expect(SessionText.media(in: offer) == SIPAddress(host: "198.51.100.1", port: 9_000))
        #expect(String(decoding: phone.offer(), as: UTF8.self).contains("o=- 7 2 IN IP4 192.0.2.1\r\n"))
        #expect(SessionText.media(in: Array("nonsense".utf8)) == nil)
        #expect(SessionText.media(in: []) == nil)
    }

    private func caller(talk: Span?) -> CallerAgent {
        CallerAgent(
            CallerAgent.Plan(
                leg: SIPLegID(2),
                dialled: "1",
                number: "2",
                target: site,
                media: media,
                patience: .seconds(10),
                talk: talk
            )
        )
    }

    @Test("A caller gives up when patience ends")
    func patience() {
        var caller = caller(talk: nil)
        #expect(caller.start(now: at(0)).count == 1)
        #expect(caller.handle(.ringing(SIPLegID(2), status: 182, sdp: nil), now: at(5)).isEmpty)
        #expect(caller.progress == 182)
        #expect(caller.advance(now: at(9_999)).isEmpty)
        #expect(caller.advance(now: at(10_000)) == [.cancel(SIPLegID(2))])
        #expect(caller.outcome == .abandoned)
        #expect(caller.waited == .seconds(10))
        #expect(caller.advance(now: at(20_000)).isEmpty)
    }

    @Test("A caller talks as long as planned, or until the other side hangs up")
    func talking() {
        var first = caller(talk: .seconds(3))
        _ = first.start(now: at(0))
        _ = first.handle(.answered(SIPLegID(2), sdp: []), now: at(1_000))
        #expect(first.advance(now: at(4_000)) == [.hangUp(SIPLegID(2), reason: nil)])
        #expect(first.outcome == .hungUp)
        #expect(first.talked == .seconds(3))
        var second = caller(talk: nil)
        _ = second.start(now: at(0))
        _ = second.handle(.answered(SIPLegID(2), sdp: []), now: at(1_000))
        #expect(second.nextDeadline == nil)
        _ = second.handle(.ended(SIPLegID(2), .remoteHangUp(nil)), now: at(6_000))
        #expect(second.outcome == .hungUpByPeer)
        #expect(second.talked == .seconds(5))
    }

    private func phone(_ habits: PhoneAgent.Habits) -> PhoneAgent {
        let account = PhoneAgent.Account(user: "a", password: "p", registrar: site, media: media)
        return PhoneAgent(account, habits: habits, random: SeededRandom(seed: 1))
    }

    private func call(_ leg: UInt64) -> SIPEvent {
        .incomingCall(
            SIPIncomingCall(
                leg: SIPLegID(leg),
                dialled: "a",
                caller: CallerIdentity(number: "2"),
                sdp: nil,
                source: site,
                transport: .udp,
                callID: "c"
            )
        )
    }

    @Test("A phone rings, answers after its delay, hangs up after its time, and is busy meanwhile")
    func answering() {
        var phone = phone(PhoneAgent.Habits(answerAfter: 700...700, hangUpAfter: 5_000...5_000))
        _ = phone.handle(.registrationResult(user: "a", status: 200), now: at(0))
        #expect(phone.isRegistered)
        #expect(phone.handle(call(3), now: at(0)) == [.ring(SIPLegID(3), status: 180, sdp: nil)])
        #expect(phone.advance(now: at(699)).isEmpty)
        #expect(phone.advance(now: at(700)).count == 1)
        #expect(phone.state == .talking(SIPLegID(3)))
        #expect(
            phone.handle(call(5), now: at(800)) == [
                .reject(SIPLegID(5), status: 486, reason: nil, headers: [])
            ]
        )
        #expect(phone.collisions == 1)
        #expect(phone.advance(now: at(5_700)) == [.hangUp(SIPLegID(3), reason: nil)])
        #expect(phone.state == .idle)
    }

    @Test("A phone may let a call ring until it is taken back, or refuse it")
    func notAnswering() {
        var silent = phone(PhoneAgent.Habits(ignoredPercent: 100))
        _ = silent.handle(call(3), now: at(0))
        #expect(silent.nextDeadline == nil)
        _ = silent.handle(.cancelled(SIPLegID(3), reason: nil), now: at(20_000))
        #expect(silent.state == .idle && silent.missed == 1)
        var refusing = phone(PhoneAgent.Habits(answerAfter: 100...100, refusedPercent: 100))
        _ = refusing.handle(call(3), now: at(0))
        #expect(refusing.advance(now: at(100)) == [.reject(SIPLegID(3), status: 486, reason: nil, headers: [])])
    }

    @Test("Drawn lengths have the mean that was asked for")
    func chances() {
        var random = SeededRandom(seed: 3)
        var sum: Int64 = 0
        for _ in 0..<20_000 { sum += Chance.exponential(mean: .seconds(10)).draw(&random).milliseconds }
        #expect((9_700...10_300).contains(sum / 20_000))
        #expect(Chance.fixed(.seconds(-1)).draw(&random) == .zero)
        #expect(Chance.uniform(.seconds(5), .seconds(1)).draw(&random) >= .seconds(1))
    }

    @Test("A histogram keeps its error below an eighth")
    func histogram() {
        var histogram = WaitHistogram()
        for value in 1...10_000 { histogram.add(.milliseconds(Int64(value))) }
        #expect(histogram.count == 10_000)
        #expect(histogram.mean == .milliseconds(5_000))
        #expect((5_000...5_625).contains(histogram.quantile(0.5).milliseconds))
        #expect((9_500...10_000).contains(histogram.quantile(0.95).milliseconds))
        #expect(histogram.quantile(1) == .milliseconds(10_000))
        #expect(WaitHistogram().quantile(0.5) == .zero)
    }
}
