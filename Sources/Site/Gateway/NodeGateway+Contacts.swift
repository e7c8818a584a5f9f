import ContactCenter
import Kernel
import Logging
import SiteCore
import Store
import WebAPI

/// Contacts of text channels, and callbacks.
extension NodeGateway {
    func openContact(_ wish: ContactWish, by actor: Actor) async throws -> OpenedContactResource {
        let opening = ContactOpening(
            wish.channel,
            queue: wish.queue,
            from: wish.from,
            title: wish.title,
            file: try await storeReading { try await callerFile(wish) },
            ticket: wish.ticket,
            severity: wish.severity
        )
        return try await opened(.openContact(opening), by: actor)
    }

    func closeContact(_ contact: ContactID, by ending: EndedBy, reason: String, actor: Actor) async throws {
        switch try await core.perform(.closeContact(contact, by: ending, reason: reason)) {
        case .refused(let refusal): throw GatewayError(refusal)
        case .done, .edited, .records, .blob, .recording, .opened: break
        }
        logger.info("A contact was closed.", metadata: ["contact": "\(contact.key)", "by": "\(actor.name)"])
    }

    func callBack(_ contact: ContactID, number: String, by actor: Actor) async throws -> OpenedContactResource {
        try await opened(.callBack(contact, number: number), by: actor)
    }

    // MARK: - Private

    private func opened(_ command: SiteCommand, by actor: Actor) async throws -> OpenedContactResource {
        switch try await core.perform(command) {
        case .opened(let contact, let ticket):
            logger.info("A contact was opened.", metadata: ["contact": "\(contact.key)", "by": "\(actor.name)"])
            return OpenedContactResource(id: contact.key, ticket: ticket?.key)
        case .refused(let refusal): throw GatewayError(refusal)
        case .done, .edited, .records, .blob, .recording:
            throw GatewayError(.unavailable, "The site gave no receipt; look whether it was done.")
        }
    }

    /// The customer's file: the one named, or the one that the number leads to.
    private func callerFile(_ wish: ContactWish) async throws -> CallerFile? {
        guard let id = wish.customer else {
            guard PhoneNumber.normalised(wish.from) != nil else { return nil }
            return try await reader.lookUpCaller(number: wish.from).map(CallerFile.init)
        }
        guard let found = try await reader.customerWithHistory(id) else { return nil }
        let files = [found.customer.file.root] + found.customer.file.others
        var tier = files.map(\.tier).max() ?? .standard
        for organisation in files.compactMap(\.organisation) {
            let record = try await reader.document(organisation.documentID).flatMap(Organisation.init)
            tier = max(tier, record?.tier ?? .standard)
        }
        let latest = found.tickets.first?.root
        return CallerFile(
            customer: found.customer.customer.id,
            name: found.customer.customer.name,
            tier: Int(tier.rawValue),
            latestTicket: latest?.id,
            latestOwner: latest?.owner,
            score: files.map(\.score).max() ?? 0
        )
    }
}
