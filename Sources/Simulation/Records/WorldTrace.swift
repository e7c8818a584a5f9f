import Kernel

/// What happened, as a running hash of everything and as the last lines for people.
struct WorldTrace: Sendable {
    private(set) var hash = TraceHash()
    private(set) var lines: [String] = []

    mutating func add(_ number: Int64) { hash.add(number) }

    /// Notes bytes by their length and the checksum that ends them.
    mutating func add(frame bytes: [UInt8], from: Int, to: Int) {
        hash.add(Int64(bytes.count << 16 | from << 8 | to))
        hash.add(bytes.suffix(4))
    }

    mutating func say(_ text: String, at instant: Instant) {
        let line = "\(instant.milliseconds / 1_000).\(padded(instant.milliseconds % 1_000)) \(text)"
        hash.add(line)
        lines.append(line)
        if lines.count > 2 * Limits.simulatedLinesKept { lines.removeFirst(Limits.simulatedLinesKept) }
    }

    private func padded(_ number: Int64) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 3 - text.count)) + text
    }
}
