package import Kernel

/// The fields of a customer file (type 1).
package enum CustomerField {
    /// Register, text: the person's name.
    package static let name = FieldID(1)
    /// Register, text: the key of the organisation.
    package static let organisation = FieldID(2)
    /// Register, text: department within the organisation.
    package static let department = FieldID(3)
    /// Register, text: the person's title there.
    package static let title = FieldID(4)
    /// Set of text: phone numbers in the form of `PhoneNumber.normalised`.
    package static let phones = FieldID(5)
    /// Set of text: e-mail addresses.
    package static let emails = FieldID(6)
    /// Register, whole number: `CustomerTier.rawValue`.
    package static let tier = FieldID(7)
    /// Register, text: the language to speak, as a BCP 47 tag.
    package static let language = FieldID(8)
    /// Log of text: notes.
    package static let notes = FieldID(9)
    /// Register, whole number: the priority score.
    package static let score = FieldID(10)
    /// Register, text: the postal address.
    package static let address = FieldID(11)
    /// Register, text: the key of the customer's latest ticket.
    package static let lastTicket = FieldID(12)
    /// Register, text: the organisation's name where no organisation document is linked, as imports give it.
    package static let organisationName = FieldID(13)
    /// Set of text: keys of files that are the same person's; see `MergeEdge`.
    package static let merges = FieldID(14)
}

/// The fields of an organisation (type 2).
package enum OrganisationField {
    /// Register, text: the name.
    package static let name = FieldID(1)
    /// Register, whole number: `CustomerTier.rawValue`.
    package static let tier = FieldID(2)
    /// Register, text: the postal address.
    package static let address = FieldID(3)
    /// Log of text: notes.
    package static let notes = FieldID(4)
}

/// The fields of an agent's profile (type 4).
package enum AgentField {
    /// Register, text: the name that colleagues see.
    package static let name = FieldID(1)
    /// Register, text: the home site.
    package static let site = FieldID(2)
    /// Register, whole number: `AgentTier.rawValue`.
    package static let tier = FieldID(3)
    /// Set of text: skills as `skill:level`.
    package static let skills = FieldID(4)
    /// Register, text: the user name under which the agent's phone registers.
    package static let sipUser = FieldID(5)
    /// Register, text, secret: HA1 of digest authentication, in hex (RFC 7616 §3.4.2).
    package static let sipDigest = FieldID(6)
    /// Register, text: the language of the agent's pages, as a BCP 47 tag.
    package static let language = FieldID(7)
    /// Register, truth value: false once the agent has left.
    package static let active = FieldID(8)
    /// Register, text: the team, by the name that people see (level 2).
    package static let team = FieldID(9)
    /// Register, text: `AnswerPlace.rawValue` (level 3).
    package static let answersOn = FieldID(10)
    /// Register, text, secret: HA1 of digest authentication with SHA-256, in hex (RFC 8760; level 3).
    package static let sipDigestSHA256 = FieldID(11)
}

/// The fields of an account (type 6).
package enum AccountField {
    /// Register, text: the name of the person.
    package static let name = FieldID(1)
    /// Register, text: `AccountRole.rawValue`.
    package static let role = FieldID(2)
    /// Register, text, secret: the password's hash with its parameters.
    package static let passwordHash = FieldID(3)
    /// Register, text: the key of the agent that signs in with this account.
    package static let agent = FieldID(4)
    /// Set of text: the sites that a supervisor may see; empty means all.
    package static let sites = FieldID(5)
    /// Register, truth value: false once sign-in is barred.
    package static let active = FieldID(6)
}
