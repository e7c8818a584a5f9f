extension Limits {
    /// A skill's name stands in tables and in file columns; longer ones are sentences.
    package static let skillNameScalarsMax = 48
}
