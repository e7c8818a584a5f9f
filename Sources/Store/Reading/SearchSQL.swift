import GRDB

/// A search text as conditions on the table `t`, whose row numbers are those of its index of words.
///
/// What is found in a record that was merged into another finds that other.
struct SearchSQL {
    /// Conditions to be joined by AND.
    var conditions: [String] = []
    /// Their arguments, in order.
    var arguments = StatementArguments()
    /// True when the text is empty: no condition, everything is found.
    let isEmpty: Bool
    /// True when the text is not empty and yet holds nothing that could be found: only punctuation.
    let findsNothing: Bool

    /// `phones`: runs of digits are also looked for at the end of phone numbers.
    init(table: String, text: String, phones: Bool) {
        let query = SearchQuery(text)
        isEmpty = text.allSatisfy(\.isWhitespace)
        findsNothing = query.terms.isEmpty && !isEmpty
        let matching = "SELECT rowid AS id FROM \(table)_words WHERE \(table)_words MATCH ?"
        var words: [String] = []
        for term in query.terms {
            switch term {
            case .words(let expression): words.append(expression)
            case .digits(let digits) where phones:
                let reversed = String(digits.reversed())
                let found = "\(matching) UNION SELECT customer FROM customer_phone WHERE reversed >= ? AND reversed < ?"
                conditions.append("t.id IN (\(MergedRows.roots(found)))")
                // ":" follows "9": the range holds what begins with these digits.
                arguments += ["\"\(PhoneDigits.typed(digits))\" *", reversed, reversed + ":"]
            case .digits(let digits): words.append("\"\(digits)\" *")
            }
        }
        if !words.isEmpty {
            conditions.append("t.id IN (\(MergedRows.roots(matching)))")
            arguments += [words.joined(separator: " AND ")]
        }
    }
}
