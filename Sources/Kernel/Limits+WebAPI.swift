extension Limits {
    /// A page of a list: more would make one request slow for all others.
    package static let pageItemsMax = 200
    /// What a list gives when nobody says how much.
    package static let pageItemsDefault = 50
    /// Notes shown with a file or ticket: years of notes would make each screen-pop slow.
    package static let notesShownMax = 200
    /// Earlier tickets on the desk: what fits on a screen.
    package static let deskHistoryMax = 10
    /// Agents named in the explanation of a decision: enough to see why, at 1,000 agents.
    package static let explainedCandidatesMax = 50
}
