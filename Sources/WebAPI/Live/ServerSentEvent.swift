import NIOCore

/// An event as it goes over the stream (WHATWG HTML §9.2).
struct ServerSentEvent: Hashable, Sendable {
    /// `<incarnation>-<n>`.
    var id: String
    /// `wall`, `desk`, `notice` or `end`.
    var name: String
    /// JSON on one line.
    var data: ByteBuffer

    /// Appends the written form.
    func write(to buffer: inout ByteBuffer) {
        buffer.writeString("id: \(id)\nevent: \(name)\ndata: ")
        // The JSON writer puts no line break into its text, so one data line carries it.
        buffer.writeImmutableBuffer(data)
        buffer.writeString("\n\n")
    }

    /// A comment that keeps proxies from closing a silent stream.
    static let keepAlive = ": keep-alive\n\n"
}
