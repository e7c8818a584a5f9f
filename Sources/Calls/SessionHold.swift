/// The one thing that the core reads in a session description: whether its sender holds the call.
package enum SessionHold {
    private static let marks: Set<String> = ["a=sendonly", "a=inactive", "c=IN IP4 0.0.0.0"]

    /// True when the description asks the other side to send nothing (RFC 3264 §8.4, with the old address form).
    package static func isHold(_ description: [UInt8]) -> Bool {
        description.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
            .contains { marks.contains(String(decoding: $0, as: UTF8.self)) }
    }
}
