import Foundation
import Kernel
import Synchronization

/// Runs password checks on threads of their own: each takes long enough to stall every other request of a core.
final class PasswordChecker: Sendable {
    private let queue: OperationQueue
    private let waiting = Mutex(0)
    /// Compared against when there is no such account, so that the answer takes as long as for one that exists.
    private let decoy: PasswordHash?

    init(cost: PasswordHash.Cost) {
        queue = OperationQueue()
        queue.name = "tandem.passwords"
        queue.maxConcurrentOperationCount = Limits.passwordChecksAtOnce
        decoy = try? PasswordHash.make("no account has this password", cost: cost)
    }

    /// True for the right password of a stored hash; false for a damaged hash, no hash or a wrong password.
    func accepts(_ password: String, hash text: String?) async throws -> Bool {
        let stored = text.flatMap(PasswordHash.init)
        guard let hash = stored ?? decoy else { return false }
        return try await inTurn { hash.accepts(password) } && stored != nil
    }

    /// The written hash of a new password.
    func hash(_ password: String, cost: PasswordHash.Cost) async throws -> String {
        try await inTurn { Result { try PasswordHash.make(password, cost: cost).text } }.get()
    }

    private func inTurn<Output: Sendable>(_ work: @escaping @Sendable () -> Output) async throws -> Output {
        try waiting.withLock { count throws(Problem) in
            guard count < Limits.passwordChecksMax else {
                throw Problem.unavailable("Too many people sign in at this moment. Try again.")
            }
            count += 1
        }
        defer { waiting.withLock { $0 -= 1 } }
        return await withCheckedContinuation { continuation in
            queue.addOperation { continuation.resume(returning: work()) }
        }
    }
}
