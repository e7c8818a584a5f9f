import Glibc
import Testing
import Transport

/// Gives a test a loop of its own and stops it afterwards.
func withLoop<Result>(_ body: (EventLoop) async throws -> Result) async throws -> Result {
    let loop = try EventLoop(name: "test")
    do {
        let result = try await body(loop)
        await loop.stop()
        return result
    } catch {
        await loop.stop()
        throw error
    }
}

/// Takes the error that a call throws.
func transportError(_ body: () async throws -> Void) async -> TransportError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? TransportError
    }
}

/// Runs a shell command to its end, with nothing to read; what it prints is dropped.
func run(_ command: String) {
    let status = system("\(command) < /dev/null > /dev/null 2>&1")
    #expect(status >= 0)
}
