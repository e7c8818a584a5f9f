/// The number of one leg: one signalling relation with one phone or trunk, from its INVITE to its end.
///
/// Whoever creates the leg chooses the number: the endpoint for incoming calls (odd), the owner of the endpoint
/// for outgoing ones (even, never used twice).
package struct SIPLegID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number.
    package let number: UInt64

    /// Makes an id from its number.
    package init(_ number: UInt64) {
        self.number = number
    }

    /// Whether the endpoint made it for an incoming call.
    package var isIncoming: Bool { number & 1 == 1 }

    /// Orders by number.
    package static func < (left: SIPLegID, right: SIPLegID) -> Bool {
        left.number < right.number
    }

    /// For logs.
    package var description: String { "leg \(number)" }
}
