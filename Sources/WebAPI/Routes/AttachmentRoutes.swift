import ContactCenter
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

/// Files on tickets.
struct AttachmentRoutes: Sendable {
    let gateway: any SiteGateway

    func add(to router: EndpointRouter) {
        router.upload(.attachToTicket) { call, body in try await attach(call, body) }
        router.on(.ticketAttachment) { call in try await download(call) }
    }

    // MARK: Attaching

    private func attach(_ call: Call, _ body: RequestBody) async throws -> Answer {
        var query = call.query()
        let given = query.text("name", max: Limits.attachmentNameBytesMax * 4)
        let wish = try query.acknowledgement()
        try query.finish()
        guard let given else { throw Problem.invalid([FieldProblem(field: "name", message: "is missing")]) }
        let name = try AttachmentEdit.fileName(given)
        let type = AttachmentEdit.checked(mediaType: call.request.headers[.contentType] ?? "")
        let ticket = try await ticket(call)
        guard ticket.attachments.count < Limits.attachmentsPerTicketMax else {
            throw Problem.refused("A ticket may have \(Limits.attachmentsPerTicketMax) files at most.")
        }
        let (content, size) = try await take(body, announced: call.request.headers[.contentLength].flatMap(Int.init))
        let path = "/api/v1/tickets/\(ticket.id)/attachments/\(content)"
        if ticket.attachments.contains(where: { $0.id == content && $0.name == name }) {
            // The answer to a first try was lost; the file is there once.
            let body = Written(resource: ticket, receipt: ReceiptResource(nil))
            return try .versioned(body, version: ticket.version, request: call.request, headers: [.location: path])
        }
        let edit = try AttachmentEdit.ticket(
            TicketID(ticket.id),
            blob: content,
            name: name,
            mediaType: type,
            size: size
        )
        let request = EditRequest(actor: call.session.actor, edits: [edit])
        let receipt = try await gateway.commit(request, acknowledgement: wish)
        let changed = try await self.ticket(call)
        let answer = Written(resource: changed, receipt: ReceiptResource(receipt))
        return try .versioned(
            answer,
            version: changed.version,
            request: call.request,
            status: .created,
            headers: [.location: path]
        ).telling(receipt)
    }

    /// Hands a body to the disk piece by piece.
    private func take(_ body: RequestBody, announced: Int?) async throws -> (content: String, size: Int) {
        let max = Limits.attachmentBytesMax
        if let announced, announced > max { throw Problem.tooLarge(max) }
        let upload = try await gateway.beginAttachment()
        do {
            var count = 0
            var piece: [UInt8] = []
            for try await buffer in body {
                count += buffer.readableBytes
                guard count <= max else { throw Problem.tooLarge(max) }
                piece += buffer.readableBytesView
                if piece.count >= Limits.attachmentPieceBytes {
                    try await upload.append(piece)
                    piece.removeAll(keepingCapacity: true)
                }
            }
            guard count > 0 else { throw Problem.invalid([FieldProblem(message: "the file is empty")]) }
            if !piece.isEmpty { try await upload.append(piece) }
            return try await upload.finish()
        } catch {
            await upload.cancel()
            throw error
        }
    }

    // MARK: Giving

    private func download(_ call: Call) async throws -> Answer {
        let ticket = try await ticket(call)
        let content = try call.variable("blob")
        guard let file = ticket.attachments.last(where: { $0.id == content }) else {
            throw Problem.notFound("There is no such file on this ticket.")
        }
        var headers = AttachmentHeaders.fields(name: file.name, mediaType: file.mediaType)
        headers[.eTag] = "\"\(content)\""
        if EntityTags(call.request.headers[.ifNoneMatch]).name(content) {
            return Answer(status: .notModified, headers: headers)
        }
        switch try await gateway.fetchAttachment(content, patience: Limits.attachmentPatience) {
        case .coming(let bytes, let size): throw Problem.coming(bytes: bytes, of: size ?? Int(file.size))
        case .here(let size): return answer(content, size: size, headers, call)
        }
    }

    private func answer(_ content: String, size: Int, _ headers: HTTPFields, _ call: Call) -> Answer {
        let gateway = gateway
        return .ranged(size: size, tag: content, headers: headers, call: call) { offset, length in
            try await gateway.attachmentBytes(content, offset: offset, length: length)
        }
    }

    private func ticket(_ call: Call) async throws -> TicketResource {
        guard let ticket = try await gateway.ticket(TicketID(try call.variable("id"))) else {
            throw Problem.notFound("There is no such ticket.")
        }
        return ticket
    }
}
