extension Limits {
    /// A contact that was refused so often waits for a change of presence instead of asking on.
    package static let reservationAttemptsMax = 8
}
