import ContactCenter
import Kernel

/// What an agent's site has to say about text contacts that its agents no longer have, until the contact's site has
/// heard it.
///
/// Bounded: beyond `Limits.textEndingsMax` the oldest are forgotten, and their contacts go back to their queues when
/// the contact's site asks after them.
struct TextEndings: Sendable {
    private var endings: [UInt64: (message: TextMessage, to: SiteID)] = [:]

    /// How many are not yet acknowledged.
    var count: Int { endings.count }

    /// Notes how an agent's part in a contact ended.
    mutating func note(_ message: TextMessage, of number: UInt64, to peer: SiteID) {
        if endings.count >= Limits.textEndingsMax, let oldest = endings.keys.min() { endings[oldest] = nil }
        endings[number] = (message, peer)
    }

    /// The contact's site knows.
    mutating func heard(_ number: UInt64, by peer: SiteID) {
        if endings[number]?.to == peer { endings[number] = nil }
    }

    /// What is to be said about a reservation that is over.
    func ending(of number: UInt64, to peer: SiteID) -> TextMessage? {
        endings[number].flatMap { $0.to == peer ? $0.message : nil }
    }

    /// All that a site has not acknowledged, in the order of the grants.
    func all(to peer: SiteID) -> [TextMessage] {
        endings.filter { $0.value.to == peer }.sorted { $0.key < $1.key }.map(\.value.message)
    }
}
