import Kernel
import Replication
import SiteCore
import WebAPI

extension NodeGateway {
    func acknowledgement(of dot: Dot, _ wish: AcknowledgementWish) async throws -> AcknowledgementResource {
        switch try await acknowledge(dot, wish) {
        case .records(.acknowledged(let level, let refusal)):
            let reached = Self.reached(level, refusal, wish)
            return AcknowledgementResource(
                op: dot.text,
                asked: wish.level,
                acknowledged: reached.level,
                missed: reached.missed
            )
        case .records(.refused(let why)): throw GatewayError(.notFound, why)
        case .refused(let refusal): throw GatewayError(refusal)
        case .done, .edited, .records, .blob, .recording, .opened:
            throw GatewayError(.unavailable, "The site did not say how far the op got.")
        }
    }

    /// How far an op that is on this site's disk got, as far as asked; a failure is told as a level that was missed.
    func reach(_ dot: Dot, _ wish: AcknowledgementWish) async -> (level: Acknowledgement, missed: String?) {
        guard wish.level != .local else { return (.local, nil) }
        switch try? await acknowledge(dot, wish) {
        case .records(.acknowledged(let level, let refusal)): return Self.reached(level, refusal, wish)
        case .records(.refused(let why)): return (.local, why)
        case .refused(let refusal): return (.local, refusal.message)
        case .done, .edited, .records, .blob, .recording, .opened, nil:
            return (.local, "this site did not say how far the change got")
        }
    }

    private func acknowledge(_ dot: Dot, _ wish: AcknowledgementWish) async throws -> CommandReply {
        let level = AcknowledgementLevel(wish.level)
        return try await core.perform(.records(.acknowledge(dot, level, within: wish.patience)))
    }

    private static func reached(
        _ level: AcknowledgementLevel,
        _ refusal: AcknowledgementRefusal?,
        _ wish: AcknowledgementWish
    ) -> (level: Acknowledgement, missed: String?) {
        guard level < AcknowledgementLevel(wish.level) else { return (wish.level, nil) }
        let late = "too few other sites said within \(wish.patience.milliseconds) ms that they have it on disk"
        return (Acknowledgement(level), refusal?.description ?? late)
    }
}

extension AcknowledgementLevel {
    /// The core's level of that name.
    init(_ level: Acknowledgement) {
        switch level {
        case .local: self = .local
        case .one: self = .one
        case .majority: self = .majority
        }
    }
}

extension Acknowledgement {
    /// The API's level of that name.
    init(_ level: AcknowledgementLevel) {
        switch level {
        case .local: self = .local
        case .one: self = .one
        case .majority: self = .majority
        }
    }
}
