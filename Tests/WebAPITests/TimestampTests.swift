import Foundation
import Kernel
import TestKit
import Testing
import WebAPI

@Suite("Times as text")
struct TimestampTests {
    @Test(
        "Known times are written and read",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_795_293_641_123, "2026-11-21T20:40:41.123Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func known(milliseconds: Int64, text: String) {
        let time = Timestamp(WallTime(milliseconds: milliseconds))
        #expect(time.description == text)
        #expect(Timestamp(text) == time)
    }

    @Test("Foundation agrees about random times", arguments: Seeds.first(50))
    func agrees(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let milliseconds = Int64.random(in: -2_000_000_000_000...4_000_000_000_000, using: &random)
        let date = Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: false)
        let text = Timestamp(WallTime(milliseconds: milliseconds)).description
        let whole = Date(timeIntervalSince1970: (Double(milliseconds) / 1_000).rounded(.down))
        #expect(text.prefix(19) == whole.formatted(style).prefix(19))
        #expect(Timestamp(text)?.wall.milliseconds == milliseconds)
        #expect(abs(date.timeIntervalSince(whole)) < 1)
    }

    @Test(
        "Other ways to write a time are read",
        arguments: [
            ("2026-11-21T21:40:41+01:00", "2026-11-21T20:40:41.000Z"),
            ("2026-11-21t20:40:41.1z", "2026-11-21T20:40:41.100Z"),
            ("2026-11-21 20:40:41.123456789Z", "2026-11-21T20:40:41.123Z"),
            ("2026-11-21T00:10:00-00:30", "2026-11-21T00:40:00.000Z"),
        ]
    )
    func others(text: String, meaning: String) {
        #expect(Timestamp(text)?.description == meaning)
    }

    @Test(
        "What is no time is not read",
        arguments: [
            "", "2026", "2026-11-21", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-21T24:00:00Z",
            "2026-11-21T20:60:00Z", "2026-11-21T20:40:41", "2026-11-21T20:40:41.Z", "2026-11-21T20:40:41Zx",
            "2026-11-21T20:40:41.1234567890Z", "2026-11-21T20:40:41+1:00", "二零二六-11-21T20:40:41Z",
        ]
    )
    func notTimes(text: String) {
        #expect(Timestamp(text) == nil)
    }
}
