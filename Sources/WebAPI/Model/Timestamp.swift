package import Kernel

/// A time as the API writes it: ISO 8601 in UTC with milliseconds, `2026-11-21T20:40:41.123Z`.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// The time itself.
    package var wall: WallTime

    /// Wraps a time.
    package init(_ wall: WallTime) {
        self.wall = wall
    }

    /// Orders two times.
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.wall < right.wall
    }
}

extension Timestamp: CustomStringConvertible {
    /// The text form; years outside 0 to 9999 are written with a sign and six digits.
    package var description: String {
        let days = wall.milliseconds.flooredQuotient(by: 86_400_000)
        let inDay = wall.milliseconds - days * 86_400_000
        let date = CivilDate(daysSinceEpoch: days)
        let clock = [inDay / 3_600_000, inDay / 60_000 % 60, inDay / 1_000 % 60].map { Self.padded($0, 2) }
        let year =
            (0...9_999).contains(date.year)
            ? Self.padded(date.year, 4) : (date.year < 0 ? "-" : "+") + Self.padded(abs(date.year), 6)
        return "\(year)-\(Self.padded(date.month, 2))-\(Self.padded(date.day, 2))"
            + "T\(clock[0]):\(clock[1]):\(clock[2]).\(Self.padded(inDay % 1_000, 3))Z"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Timestamp: LosslessStringConvertible {
    /// Reads `YYYY-MM-DDThh:mm:ss`, with a fraction of up to nine digits or none, and `Z` or an offset.
    package init?(_ description: String) {
        var reader = DigitReader(description)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
            let day = reader.number(2), reader.skip("T") || reader.skip("t") || reader.skip(" "),
            let hour = reader.number(2), reader.skip(":"), let minute = reader.number(2), reader.skip(":"),
            let second = reader.number(2), hour < 24, minute < 60, second < 60,
            let date = CivilDate(year: year, month: month, day: day), let fraction = reader.fraction(),
            let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        let seconds = date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second - offset * 60
        self.init(WallTime(milliseconds: seconds * 1_000 + fraction))
    }
}

extension Timestamp: Codable {
    /// Reads the text form.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let read = Timestamp(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a time: \(text)")
        }
        self = read
    }

    /// Writes the text form.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
