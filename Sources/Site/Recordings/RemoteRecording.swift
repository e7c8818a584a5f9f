import Kernel
import SiteCore
import Synchronization
import WebAPI

/// A recording that another site has, while somebody listens to it here: each range is asked for as it is wanted.
final class RemoteRecording: OpenRecording {
    typealias Asking = @Sendable (RecordingWish, Span) async throws -> RecordingReply

    let size: Int
    private let access: RecordingAccess
    private let ask: Asking
    private let grant: Mutex<UInt64>

    /// Has its site open it, which that site notes.
    static func open(_ access: RecordingAccess, ask: @escaping Asking) async throws -> RemoteRecording {
        let (facts, grant) = try await look(access, ask)
        return RemoteRecording(access, size: facts.size, grant, ask)
    }

    private init(_ access: RecordingAccess, size: Int, _ grant: UInt64, _ ask: @escaping Asking) {
        self.access = access
        self.size = size
        self.ask = ask
        self.grant = Mutex(grant)
    }

    func bytes(offset: Int, length: Int) async throws -> [UInt8] {
        let length = min(length, Limits.recordingPartBytesMax, size - offset)
        for _ in 0...Limits.recordingReopensMax {
            let grant = grant.withLock { $0 }
            let wish = RecordingWish.read(access.at, grant: grant, offset: offset, length: length)
            switch try await ask(wish, Limits.recordingAnswerMax) {
            case .part(let bytes): return bytes
            // It was started anew, or has shut what nobody read for a while.
            case .refused(.notOpen): try await reopen()
            case let other: throw Self.refusal(other, access.at)
            }
        }
        throw Self.refusal(.refused(.notOpen), access.at)
    }

    private func reopen() async throws {
        let (facts, fresh) = try await Self.look(access, ask)
        guard facts.size == size else {
            throw GatewayError(.unavailable, "The recording at site \(access.at) is not the one that was opened.")
        }
        grant.withLock { $0 = fresh }
    }

    private static func look(_ access: RecordingAccess, _ ask: Asking) async throws -> (RecordingFacts, UInt64) {
        let place = RecordingPlace(access.contact, access.file)
        let answer = try await ask(.look(access.at, place, listener: access.by), Limits.recordingAnswerMax)
        guard case .found(let facts, let grant) = answer else { throw refusal(answer, access.at) }
        return (facts, grant)
    }

    /// Why nothing comes, for a person.
    private static func refusal(_ answer: RecordingReply, _ site: SiteID) -> GatewayError {
        switch answer {
        case .refused(.notKept): GatewayError(.notFound, "The recording is not kept any more at site \(site).")
        case .refused(.busy):
            GatewayError(.overloaded, "Site \(site), which has the recording, has too much to do; try again.")
        case .refused(.unreadable):
            GatewayError(.unavailable, "The recording cannot be read at site \(site); its log says why.")
        case .away(let since):
            GatewayError(
                .unavailable,
                "The recording lies at site \(site), which cannot be reached.",
                away: AwaySite(site: site.name, since: since.map { Timestamp($0) })
            )
        case .late:
            GatewayError(
                .unavailable,
                "The recording lies at site \(site), which does not answer.",
                away: AwaySite(site: site.name, since: nil)
            )
        case .refused(.notOpen), .found, .part:
            GatewayError(.unavailable, "Site \(site), which has the recording, does not let it be read.")
        }
    }
}
