import ContactCenter
import HTTPTypes
import Kernel

/// Recordings of calls: for supervisors, administrators and the agents who took part.
struct RecordingRoutes: Sendable {
    let gateway: any SiteGateway

    func add(to router: EndpointRouter) {
        router.on(.recordings) { call in
            let contact = try await contact(call, isHeard: false)
            return try .json(ListResource(items: try await gateway.recordings(of: contact)))
        }
        router.on(.recording) { call in try await give(call) }
    }

    private func give(_ call: Call) async throws -> Answer {
        let contact = try await contact(call, isHeard: true)
        let file = try call.variable("file")
        guard file.utf8.count <= Limits.recordingNameBytesMax, file.utf8.allSatisfy(Self.isPlain), !file.hasPrefix(".")
        else { throw Problem.notFound("There is no such recording.") }
        let recording = try await gateway.openRecording(file, of: contact, by: call.session.actor)
        let tag = "\(contact.key)/\(file)"
        // What was said is nobody's to keep: no cache, not even the asker's own.
        let headers: HTTPFields = [
            .contentType: "audio/wav",
            .contentDisposition: AttachmentHeaders.disposition("inline", "\(contact.key)-\(file)"),
            .xContentTypeOptions: "nosniff", .cacheControl: "no-store", .acceptRanges: "bytes", .eTag: "\"\(tag)\"",
        ]
        return .ranged(size: recording.size, tag: tag, headers: headers, call: call) { offset, length in
            try await recording.bytes(offset: offset, length: length)
        }
    }

    /// The contact, for those who may hear it; whether it was recorded is nobody else's business.
    ///
    /// Who wants to hear it without that right is noted; pages ask for lists on their own.
    private func contact(_ call: Call, isHeard: Bool) async throws -> ContactID {
        let id = ContactID(try call.variable("id"))
        guard let contact = try await gateway.contact(id) else {
            throw Problem.notFound("There is no such contact.")
        }
        let rule = RecordingRule(
            tookPart: Set(contact.agents.map { AgentID($0) }),
            sites: Set([contact.originSite, contact.agentSite].compactMap { $0.flatMap { SiteID($0) } })
        )
        let session = call.session
        let own = Set(session.sites.compactMap { SiteID($0) })
        guard rule.admits(session.role, agent: session.agent, lookingAfter: own) else {
            if isHeard { gateway.noteRefusedHearing(of: id, by: session.actor) }
            throw Problem.forbidden("Recordings are for the agents who took part in the call, and for supervisors.")
        }
        return id
    }

    /// Names that no file system takes for a way somewhere else.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
