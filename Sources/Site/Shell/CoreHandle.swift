import Kernel
import SiteCore
import Transport

/// The core's door for other threads.
final class CoreHandle: Sendable {
    let loop: EventLoop
    private let shell: LoopBound<CoreShell>

    init(_ shell: LoopBound<CoreShell>, on loop: EventLoop) {
        self.shell = shell
        self.loop = loop
    }

    /// Runs `body` on the loop and returns what it returned.
    func ask<Answer: Sendable>(_ body: @escaping @Sendable (CoreShell) throws -> Answer) async throws -> Answer {
        try await loop.run { [shell] in try body(shell.value) }
    }

    /// Puts a command to the core and waits for its reply.
    func perform(_ command: SiteCommand) async throws -> CommandReply {
        await withCheckedContinuation { continuation in
            loop.execute { [shell] in
                shell.value.submit(command) { continuation.resume(returning: $0) }
            }
        }
    }
}
