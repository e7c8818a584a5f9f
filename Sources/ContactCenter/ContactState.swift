/// Where a contact stands on its way through the centre.
package enum ContactState: String, Hashable, CaseIterable, Sendable {
    /// In the queue.
    case waiting
    /// Promised or ringing to an agent.
    case offered
    /// In conversation.
    case talking
    /// In conversation, on hold.
    case held
    /// Over, while the agent finishes the work of it.
    case wrapUp
    /// Over.
    case ended
}

/// Who ended a contact: the first hang-up that the core saw.
package enum EndedBy: String, Hashable, CaseIterable, Sendable {
    /// The caller.
    case customer
    /// The agent.
    case agent
    /// A rule of the centre: closed, too long a wait, no way to serve.
    case system
    /// A lost phone, link or site.
    case network
}

/// What became of a contact.
package enum ContactOutcome: String, Hashable, CaseIterable, Sendable {
    /// An agent spoke with the customer.
    case answered
    /// The customer gave up before an answer.
    case abandoned
    /// The centre would not take it: no such queue, blocked, full.
    case refused
    /// The site that held it was lost.
    case siteLost
    /// The caller was presented again at another site, which serves the contact on at the old place.
    case moved
    /// What it was about stands on its ticket, as a message to be answered.
    case message
    /// A callback that nobody got to in time.
    case expired
    /// The caller asked to be called back; the callback goes on in its place.
    case callback
    /// Whoever the centre called, or an agent asked, did not answer.
    case notReached
}

/// Why a call is here that no customer began.
package enum OwnCallKind: String, Hashable, CaseIterable, Sendable {
    /// An agent asks somebody beside her call.
    case consult
    /// An agent called a number from the desk.
    case placed
    /// An agent dialled on her own phone.
    case dialled
}

/// How a contact reaches the centre.
package enum Channel: String, Hashable, CaseIterable, Sendable {
    /// A phone call; an agent has one at a time.
    case voice
    /// A chat.
    case chat
    /// An e-mail.
    case email
    /// A ticket from the portal.
    case portal
    /// A call that the centre makes on request.
    case callback

    /// The number that presence carries; never reused.
    package var number: Int64 {
        switch self {
        case .voice: 1
        case .chat: 2
        case .email: 3
        case .portal: 4
        case .callback: 5
        }
    }

    /// What an agent has to give: the sum of the costs of the contacts in hand never exceeds it.
    package static let fullCapacity = 100

    /// What one contact takes of an agent's capacity, unless its queue says otherwise.
    ///
    /// A conversation by voice takes all; of the others five fit beside each other.
    package var cost: Int {
        switch self {
        case .voice, .callback: Channel.fullCapacity
        case .chat, .email, .portal: 20
        }
    }

    /// Reads a number that presence carried; nil for one of a newer node.
    package init?(number: Int64) {
        guard let channel = Channel.allCases.first(where: { $0.number == number }) else { return nil }
        self = channel
    }
}
