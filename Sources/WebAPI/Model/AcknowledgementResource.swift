/// How far an op has got.
package struct AcknowledgementResource: Codable, Hashable, Sendable {
    /// The op, as `Tandem-Op` named it.
    package var op: String
    /// The level asked for.
    package var asked: Acknowledgement
    /// The level reached.
    package var acknowledged: Acknowledgement
    /// Why it got no further, where more was asked for.
    @Nullable package var missed: String?

    /// Puts one together.
    package init(op: String, asked: Acknowledgement, acknowledged: Acknowledgement, missed: String?) {
        self.op = op
        self.asked = asked
        self.acknowledged = acknowledged
        self.missed = missed
    }
}
