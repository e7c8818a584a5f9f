import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// The answer of `GET /api/v1/events`.
struct EventStream: Sendable {
    let hub: LiveHub
    let session: Session
    let channel: any Channel

    /// The stream.
    ///
    /// `Last-Event-ID` needs no memory of ours: the first wall and desk are the whole state.
    func answer() throws -> Answer {
        if let refusal = hub.refusal(of: session) { throw refusal }
        var answer = Answer(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8",
                .cacheControl: "no-store",
                // A proxy must not hold events back.
                .accelBuffering: "no",
            ]
        )
        answer.stream = ResponseBody { writer in try await write(to: &writer) }
        return answer
    }

    @concurrent
    private func write(to writer: inout any ResponseBodyWriter) async throws {
        let channel = channel
        let client = LiveClient(session: session, now: hub.clock.instant()) { channel.close(promise: nil) }
        let id = hub.add(client)
        defer { hub.remove(id) }
        try await withThrowingTaskGroup { group in
            // The server waits for its connections before it stops, so a stream must notice the stop itself.
            group.addTask {
                try? await gracefulShutdown()
                if !Task.isCancelled { hub.stop() }
            }
            defer { group.cancelAll() }
            while let bytes = await client.next(clock: hub.clock) { try await writer.write(bytes) }
        }
        try await writer.finish(nil)
    }
}
