extension Limits {
    /// How often one waiting caller may be overtaken by later ones of the same rank: each time somebody new must find
    /// the freed agent in the tenth of a second between the pull and its answer, so the odds fall geometrically.
    package static let simulatedOvertakenMax = 4
}
