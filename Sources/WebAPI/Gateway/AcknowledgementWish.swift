package import Kernel

/// On how many disks a change must be before it is confirmed, and for how long to wait for that.
package struct AcknowledgementWish: Hashable, Sendable {
    /// The level asked for.
    package var level: Acknowledgement
    /// How long to wait; then the level reached by that time is told.
    package var patience: Span

    /// Only this site's disk: no wait.
    package static let local = AcknowledgementWish(.local)

    /// Makes a wish.
    package init(_ level: Acknowledgement, patience: Span = Limits.acknowledgementPatienceDefault) {
        self.level = level
        self.patience = patience
    }
}
