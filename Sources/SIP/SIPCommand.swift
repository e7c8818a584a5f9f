package import Kernel

/// What the owner of an endpoint asks of it.
///
/// After a command that ends a leg (`reject`, `cancel`, `hangUp`) nothing more is reported about that leg: the
/// endpoint alone deals with what the peer still sends. A command for an unknown leg does nothing.
package enum SIPCommand: Hashable, Sendable {
    /// Sends a provisional response (180 ringing, 182 queued, 183 with early media) on an incoming leg.
    case ring(SIPLegID, status: Int, sdp: [UInt8]?)
    /// Answers an incoming leg with 200.
    case answer(SIPLegID, sdp: [UInt8])
    /// Refuses an incoming leg with a final response of 300 to 699; a nil reason means the usual phrase.
    case reject(SIPLegID, status: Int, reason: String?, headers: [SIPExtraHeader])
    /// Calls somebody; the id must be even and new.
    case invite(SIPLegID, SIPInvitation)
    /// Gives up an outgoing leg that is not answered; one that is answered meanwhile is hung up.
    case cancel(SIPLegID)
    /// Sends an INFO within an answered leg; what becomes of it is not reported.
    case info(SIPLegID, SIPInfo)
    /// Takes on a referral (202); `referralProgress` tells the phone how it goes.
    case acceptReferral(SIPLegID)
    /// Tells the phone how its referral goes, by NOTIFY; a final status ends the subscription (RFC 3515 §2.4.4).
    case referralProgress(SIPLegID, status: Int)
    /// Refuses a referral with a final response of 300 to 699.
    case rejectReferral(SIPLegID, status: Int)
    /// As a phone, wants the other party joined with somebody else (REFER); what becomes of it is not reported.
    case refer(SIPLegID, to: String)
    /// Says where a trunk can be reached now, the best first; an empty list means nowhere.
    case aimTrunk(String, [SIPAddress])
    /// Ends a leg in any state.
    case hangUp(SIPLegID, reason: SIPReason?)
    /// Sends a new offer (re-INVITE) on an answered leg.
    case reoffer(SIPLegID, sdp: [UInt8])
    /// Answers the peer's new offer.
    case answerReoffer(SIPLegID, sdp: [UInt8])
    /// Refuses the peer's new offer with a final response (488, say).
    case rejectReoffer(SIPLegID, status: Int)
    /// Gives the answer to an offer that came in the 200 of an INVITE sent without one.
    case acknowledge(SIPLegID, sdp: [UInt8])
    /// Registers us as a phone with a registrar elsewhere, and keeps the registration alive.
    case register(SIPRegistration)
}

/// A header that the owner adds to a message.
package struct SIPExtraHeader: Hashable, Sendable {
    /// The name, `Retry-After` say.
    package var name: String
    /// The value; line ends are removed.
    package var value: String

    /// Makes a header.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// A call to place.
package struct SIPInvitation: Hashable, Sendable {
    /// Whom to call.
    package enum Target: Hashable, Sendable {
        /// A user registered here, at the phone that registered last.
        case user(String)
        /// A number or user at a plain address.
        case address(user: String, SIPAddress, SIPTransport)
        /// A number by a trunk; addresses that do not answer are passed over.
        case trunk(String, number: String)
    }

    /// Whom to call.
    package var target: Target
    /// The user part of From: the caller's number.
    package var from: String
    /// The name in From, empty for none.
    package var displayName: String
    /// Whether the called side is asked not to show `from`: it then stands only in P-Asserted-Identity (RFC 3325).
    package var isPrivate = false
    /// The number that was first dialled, when the call has been sent on (History-Info, RFC 7044); nil when not.
    package var firstDialled: String?
    /// Whether the phone is asked to answer by itself.
    package var answersItself = false
    /// Further headers.
    package var headers: [SIPExtraHeader]
    /// The offer; nil asks the peer for one.
    package var sdp: [UInt8]?
    /// How long to wait for an answer before giving up with `failed(408)`.
    package var ringTimeout: Span?

    /// Makes an invitation.
    package init(
        target: Target,
        from: String,
        displayName: String = "",
        headers: [SIPExtraHeader] = [],
        sdp: [UInt8]?,
        ringTimeout: Span? = nil
    ) {
        self.target = target
        self.from = from
        self.displayName = displayName
        self.headers = headers
        self.sdp = sdp
        self.ringTimeout = ringTimeout
    }
}

/// A registration to keep at a registrar elsewhere.
package struct SIPRegistration: Hashable, Sendable {
    /// The user; also the digest user name.
    package var user: String
    /// The password.
    package var password: String
    /// The registrar's address.
    package var registrar: SIPAddress
    /// How to reach it.
    package var transport: SIPTransport
    /// How long to ask for; zero ends the registration.
    package var expires: Span

    /// Makes a registration.
    package init(
        user: String,
        password: String,
        registrar: SIPAddress,
        transport: SIPTransport = .udp,
        expires: Span
    ) {
        self.user = user
        self.password = password
        self.registrar = registrar
        self.transport = transport
        self.expires = expires
    }
}

/// Why a leg ended, as the Reason header says it (RFC 3326).
package struct SIPReason: Hashable, Sendable {
    /// `SIP` or `Q.850`.
    package var space: String
    /// The cause in that space.
    package var cause: Int?
    /// Text for people.
    package var text: String?

    /// Makes a reason.
    package init(space: String = "SIP", cause: Int?, text: String? = nil) {
        self.space = space
        self.cause = cause
        self.text = text
    }
}
