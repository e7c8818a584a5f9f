import Calls
import ContactCenter
import Kernel
import Routing
import SiteCore
import TestKit
import Testing

@Suite("What a waiting caller hears, and when")
struct QueueAnnouncerTests {
    /// An announcer with a relay that plays everything for five seconds, and a clock.
    private struct Line {
        var announcer: QueueAnnouncer
        var now = Moment(instant: .zero, wall: WallTime(milliseconds: 0))
        /// What was played, with the second at which it began.
        var heard: [(at: Int64, clips: [String])] = []
        var others: [QueueAnnouncer.Output] = []

        init(
            _ rules: LineRules = LineRules(announcements: .answered),
            customer: String? = nil,
            isRecorded: Bool = false,
            callbackAfter: Span? = nil
        ) {
            let settings = QueueAnnouncer.Settings(
                rules,
                customerLanguage: customer,
                isRecorded: isRecorded,
                callbackOfferAfter: callbackAfter
            )
            announcer = QueueAnnouncer(settings, began: now)
        }

        mutating func does(_ body: (inout QueueAnnouncer, Moment) -> [QueueAnnouncer.Output]) {
            for output in body(&announcer, now) {
                guard case .play(let clips, let isRepeated) = output else {
                    others.append(output)
                    continue
                }
                #expect(isRepeated == (clips == [.music]))
                heard.append((now.instant.milliseconds / 1_000, clips.map(\.name)))
                announcer.playing(.seconds(isRepeated ? 90 : 5), now: now)
            }
        }

        mutating func learns(_ position: Int, _ low: Int64, _ high: Int64) {
            let estimate = WaitEstimate(low: .seconds(low), likely: .seconds(low), high: .seconds(high))
            does { $0.learn(position: position, estimate: estimate, now: $1) }
        }

        /// Lets time pass, doing what is due when it is due.
        mutating func waits(until second: Int64) {
            let end = Instant(milliseconds: second * 1_000)
            while let next = announcer.nextDeadline, next <= end {
                now.instant = max(next, now.instant)
                let before = heard.count + others.count
                does { $0.advance(now: $1) }
                #expect(heard.count + others.count > before, "a deadline without anything to do")
                guard heard.count < 1_000 else { break }
            }
            now.instant = end
        }

        var spoken: [[String]] { heard.map(\.clips).filter { $0 != ["music"] } }
    }

    @Test("Welcome once, then music, which comes back after each announcement")
    func order() {
        var line = Line(isRecorded: true)
        line.does { $0.start(now: $1) }
        line.waits(until: 20)
        line.learns(3, 130, 290)
        line.waits(until: 44)
        #expect(line.heard.map(\.at) == [0, 5, 20, 25])
        #expect(
            line.heard.map(\.clips) == [
                ["welcome", "recording-notice"], ["music"],
                [
                    "position", "number-3", "position-end", "wait-between", "number-2", "wait-and", "number-5",
                    "wait-minutes",
                ], ["music"],
            ]
        )
    }

    @Test("Place and wait are told again after the interval if they changed, after two if not")
    func interval() {
        var line = Line()
        line.does { $0.start(now: $1) }
        line.learns(3, 0, 50)
        line.waits(until: 10)
        // Known from the start: told with the end of the welcome, at 5 s.
        #expect(line.heard.last.map(\.clips) == ["music"])
        line.learns(3, 0, 40)
        line.waits(until: 94)
        #expect(line.spoken.count == 2)
        line.waits(until: 96)
        #expect(line.spoken.count == 3)
        line.learns(2, 0, 40)
        line.waits(until: 139)
        #expect(line.spoken.count == 3)
        line.waits(until: 141)
        #expect(line.spoken.last == ["position", "number-2", "position-end", "wait-under-minute"])
    }

    @Test("Nothing is told that nobody knows, and before the caller hears there is silence")
    func unknown() {
        var line = Line()
        line.does { $0.learn(position: 0, estimate: nil, now: $1) }
        line.waits(until: 100)
        #expect(line.heard.isEmpty && line.announcer.nextDeadline == nil)
        line.does { $0.start(now: $1) }
        line.does { $0.start(now: $1) }
        line.waits(until: 189)
        #expect(line.heard.map(\.clips) == [["welcome"], ["music"]])
        line.waits(until: 270)
        #expect(line.spoken == [["welcome"], ["all-busy"]])
        // Once something is known it is told at once.
        line.learns(1, 0, 0)
        #expect(line.spoken.last == ["position-next", "wait-under-minute"])
    }

    @Test("A callback is offered when it is time; 1 takes it, other keys and a 1 before that do nothing")
    func callback() {
        var line = Line(callbackAfter: .seconds(60))
        line.does { $0.start(now: $1) }
        line.does { $0.digit("1", now: $1) }
        line.waits(until: 59)
        #expect(line.others.isEmpty && !line.announcer.offersCallback)
        line.waits(until: 61)
        #expect(line.spoken.last == ["callback-offer"])
        for key in ["2", "*", "#", "A"] as [Character] { line.does { $0.digit(key, now: $1) } }
        #expect(line.others.isEmpty)
        line.does { $0.digit("1", now: $1) }
        line.does { $0.digit("1", now: $1) }
        #expect(line.others == [.wantsCallback])
        line.waits(until: 70)
        line.does { $0.callbackBooked(now: $1) }
        #expect(line.spoken.last == ["callback-confirmed"])
        line.waits(until: 74)
        #expect(line.others.count == 1)
        line.waits(until: 200)
        #expect(line.others == [.wantsCallback, .callbackConfirmed])
        #expect(line.heard.last?.clips == ["callback-confirmed"])
        #expect(line.announcer.nextDeadline == nil)
    }

    @Test("A callback that cannot be lets the caller wait on, and is not offered again")
    func refused() {
        var line = Line()
        line.does { $0.start(now: $1) }
        line.does { $0.offerCallback(now: $1) }
        line.waits(until: 10)
        #expect(line.spoken.last == ["callback-offer"])
        line.does { $0.digit("1", now: $1) }
        line.does { $0.callbackRefused(now: $1) }
        line.learns(2, 0, 10)
        line.waits(until: 300)
        #expect(line.spoken.last == ["position", "number-2", "position-end", "wait-under-minute"])
        #expect(line.spoken.count { $0.contains("callback-offer") } == 1)
        line.does { $0.digit("1", now: $1) }
        #expect(line.others == [.wantsCallback])
    }

    @Test("What cannot be played is skipped, and a relay that never says how long is not waited for")
    func failing() {
        var line = Line()
        let first = line.announcer.start(now: line.now)
        #expect(first.count == 1)
        #expect(line.announcer.failed(now: line.now) == [.play([.music], isRepeated: true)])
        var silent = Line()
        _ = silent.announcer.start(now: silent.now)
        silent.waits(until: 10)
        #expect(silent.heard.map(\.at) == [5])
        silent.announcer.playing(Span(milliseconds: .max), now: silent.now)
        silent.announcer.playing(Span(milliseconds: .min), now: silent.now)
    }

    @Test("It speaks the customer's language where it can, else the queue's")
    func language() {
        var rules = LineRules()
        rules.language = .simplifiedChinese
        for (tag, language) in [("zh-Hant", "zh-hant"), ("de", "zh-hans"), (nil, "zh-hans"), ("en", "en")] {
            var announcer = QueueAnnouncer(
                .init(rules, customerLanguage: tag),
                began: Moment(instant: .zero, wall: WallTime(milliseconds: 0))
            )
            let outputs = announcer.start(now: Moment(instant: .zero, wall: WallTime(milliseconds: 0)))
            #expect(outputs == [.play([MediaClip("welcome", language: language)], isRepeated: false)])
        }
    }

    @Test("A wait in words is never shorter than the estimate, whatever it is", arguments: Seeds.first(200))
    func waits(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let low = Int64.random(in: 0...4_000, using: &random)
        let high = low + Int64.random(in: 0...2_000, using: &random)
        switch WaitPhrase(low: .seconds(low), high: .seconds(high)) {
        case .underMinute: #expect(high <= 60)
        case .about(let minutes): #expect(high <= Int64(minutes) * 60 && high > Int64(minutes - 1) * 60)
        case .between(let from, let to):
            #expect(from < to && Int64(to) * 60 >= high && high > Int64(to - 1) * 60)
            #expect(from == 1 || Int64(from) * 60 <= low)
        case .long: #expect(high > 1_800)
        }
        for odd in [Int64.min, -1, .max] {
            let phrase = WaitPhrase(low: Span(milliseconds: odd), high: Span(milliseconds: odd))
            #expect(phrase == (odd < 0 ? .underMinute : .long))
        }
    }

    @Test(
        "Whatever happens, the welcome is said once, a callback is wanted once, and speech does not repeat too soon",
        arguments: Seeds.first(200)
    )
    func law(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var line = Line(callbackAfter: Bool.random(using: &random) ? .seconds(100) : nil)
        var isBooked = false
        for _ in 0..<80 {
            switch Int.random(in: 0..<8, using: &random) {
            case 0: line.does { $0.start(now: $1) }
            case 1, 2:
                let high = Int64.random(in: 0...3_000, using: &random)
                line.learns(Int.random(in: -1...90, using: &random), high / 2, high)
            case 3: line.does { $0.failed(now: $1) }
            case 4: line.does { $0.digit(Bool.random(using: &random) ? "1" : "5", now: $1) }
            case 5:
                if line.others == [.wantsCallback], Int.random(in: 0..<3, using: &random) == 0 {
                    line.does { $0.callbackBooked(now: $1) }
                    isBooked = true
                }
            default:
                line.waits(until: line.now.instant.milliseconds / 1_000 + Int64.random(in: 1...60, using: &random))
            }
        }
        line.waits(until: 100_000)
        #expect(line.spoken.count { $0.contains("welcome") } <= 1)
        #expect(line.others.count { $0 == .wantsCallback } <= 1)
        #expect(line.others.contains(.callbackConfirmed) == isBooked)
        let told = line.heard.filter { $0.clips.contains { $0.hasPrefix("position") || $0.hasPrefix("wait-") } }
        for (one, next) in zip(told, told.dropFirst()) { #expect(next.at - one.at >= 45) }
    }
}
