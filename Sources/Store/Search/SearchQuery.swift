import Kernel

/// A search text as the database understands it; every term must be found, in any order.
struct SearchQuery: Equatable {
    /// One thing to look for.
    enum Term: Equatable {
        /// An FTS5 expression over the index of words.
        case words(String)
        /// A run of digits: a piece of a phone number (its beginning or end) or of a ticket's number.
        case digits(String)
    }

    /// The terms; empty when the text holds nothing to look for.
    var terms: [Term]

    /// Reads what a person typed; nothing in it is taken as syntax.
    init(_ text: String) {
        let text = String(text.prefix(Limits.searchCharactersMax))
        let digits = text.filter(\.isASCIIDigit)
        if digits.count >= 3, text.allSatisfy({ $0.isASCIIDigit || "+-() ./".contains($0) }) {
            terms = [.digits(digits)]
            return
        }
        var terms: [Term] = []
        for chunk in text.split(whereSeparator: \.isWhitespace) {
            for run in SearchText.runs(String(chunk)) { terms.append(Self.term(run)) }
        }
        self.terms = Array(terms.prefix(Limits.searchTermsMax))
    }

    private static func term(_ run: SearchText.Run) -> Term {
        switch run {
        case .words(let words):
            if words.count == 1, let word = words.first, word.count >= 3, word.allSatisfy(\.isASCIIDigit) {
                return .digits(word)
            }
            return .words("\"\(words.joined(separator: " "))\" *")
        case .ideographs(let scalars):
            if scalars.count == 1 { return .words("\"\(scalars[0])\" *") }
            return .words("\"\(SearchText.pairs(scalars).joined(separator: " "))\"")
        }
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
