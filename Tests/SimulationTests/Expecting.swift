import Testing

/// Expects what changes as it is asked: a macro cannot take it.
func expect(_ holds: Bool, _ place: SourceLocation = #_sourceLocation) {
    #expect(holds, sourceLocation: place)
}

/// Expects a scenario to end with every promise kept.
func expectWell(_ verdict: String?, _ place: SourceLocation = #_sourceLocation) {
    #expect(verdict == nil, "\(verdict ?? "")", sourceLocation: place)
}
