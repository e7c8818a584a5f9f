/// The one thing that the core reads in a session description: whether its sender holds the call.
package enum SessionHold {
    private static let marks: Set<String> = ["a=sendonly", "a=inactive", "c=IN IP4 0.0.0.0"]

    /// True when the description asks the other side to send nothing (RFC 3264 §8.4, with the old address form).
    package static func isHold(_ description: [UInt8]) -> Bool {
        description.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
            .contains { marks.contains(String(decoding: $0, as: UTF8.self)) }
    }

    private static let directions: Set<String> = ["a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive"]

    /// The description with every medium inactive: nobody sends, nobody hears.
    package static func inactive(_ description: [UInt8]) -> [UInt8] { turned(description, to: "a=inactive") }

    /// The description with every medium going out only: the other side waits, and can be played to.
    package static func sendOnly(_ description: [UInt8]) -> [UInt8] { turned(description, to: "a=sendonly") }

    /// The description with every medium going both ways.
    package static func active(_ description: [UInt8]) -> [UInt8] { turned(description, to: "a=sendrecv") }

    /// The description with one direction for each medium, in place of whatever it said (RFC 3264 §6.1).
    private static func turned(_ description: [UInt8], to direction: String) -> [UInt8] {
        var lines: [String] = []
        var hasMedium = false
        let all = String(decoding: description, as: UTF8.self).split(whereSeparator: \.isNewline)
        for line in all where !directions.contains(String(line)) {
            if line.hasPrefix("m=") {
                if hasMedium { lines.append(direction) }
                hasMedium = true
            }
            lines.append(String(line))
        }
        guard hasMedium else { return description }
        lines.append(direction)
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }
}
