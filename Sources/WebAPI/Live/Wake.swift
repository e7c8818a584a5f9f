/// A bell: ringing it often before anybody looks is the same as ringing it once.
struct Wake: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Rings.
    func signal() {
        continuation.yield()
    }

    /// Ends the waiting of `forEachRing`.
    func finish() {
        continuation.finish()
    }

    /// Calls `body` after each ring, until the task is cancelled or the bell is finished.
    ///
    /// To be used by one task.
    func forEachRing(_ body: () async -> Void) async {
        for await _ in stream { await body() }
    }
}
