import Foundation
import Kernel

/// Turns text into the words that the full-text index holds.
///
/// Latin words are folded (case, accents, width). Chinese, Japanese and Korean have no spaces, so a run of their
/// characters becomes overlapping pairs and its last character alone: 王小明 → 王小, 小明, 明. One character is then
/// found by prefix, more by adjacent pairs, and no dictionary is needed. FTS5's own trigram tokenizer would not
/// find names of two characters, which most Chinese surnames with a title are.
enum SearchText {
    /// One stretch of text: Latin words that follow each other, or characters of a script without spaces.
    enum Run: Equatable {
        case words([String])
        case ideographs([Unicode.Scalar])
    }

    /// Case, accents and full-width forms folded away, as both sides of a comparison need it.
    static func folded(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        return text.precomposedStringWithCompatibilityMapping
            .folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
    }

    /// What lists are ordered by: short enough for a page's cursor to hold it whole.
    static func sortName(_ name: String) -> String {
        String(folded(name).prefix(Limits.sortNameCharactersMax))
    }

    /// The runs of a text, in order.
    static func runs(_ text: String) -> [Run] {
        var runs: [Run] = []
        var words: [String] = []
        var word = String.UnicodeScalarView()
        var ideographs: [Unicode.Scalar] = []
        func endWord() {
            if !word.isEmpty { words.append(String(word)) }
            word = String.UnicodeScalarView()
        }
        func endWords() {
            endWord()
            if !words.isEmpty { runs.append(.words(words)) }
            words = []
        }
        func endIdeographs() {
            if !ideographs.isEmpty { runs.append(.ideographs(ideographs)) }
            ideographs = []
        }
        for scalar in folded(text).unicodeScalars {
            if isIdeograph(scalar) {
                endWords()
                ideographs.append(scalar)
            } else if isWordCharacter(scalar) {
                endIdeographs()
                word.append(scalar)
            } else {
                endIdeographs()
                endWord()
            }
        }
        endWords()
        endIdeographs()
        return runs
    }

    /// The words to index for the given texts, separated by spaces; `names` are also found by their reading.
    static func indexed(_ texts: [String], names: [String] = [], readings: inout ReadingTable) -> String {
        var words: [String] = []
        var budget = Limits.searchIndexedCharactersMax
        for text in names + texts where budget > 0 {
            let part = text.prefix(budget)
            budget -= part.count
            for run in runs(String(part)) {
                switch run {
                case .words(let list): words += list
                case .ideographs(let scalars): words += pairs(scalars) + [String(scalars[scalars.count - 1])]
                }
            }
        }
        for name in names {
            for case .ideographs(let scalars) in runs(name) { words += readings.words(scalars) }
        }
        return words.joined(separator: " ")
    }

    /// The overlapping pairs of a run.
    static func pairs(_ scalars: [Unicode.Scalar]) -> [String] {
        zip(scalars, scalars.dropFirst()).map { left, right in
            var text = String.UnicodeScalarView()
            text.append(left)
            text.append(right)
            return String(text)
        }
    }

    /// True for the characters of scripts that are written without spaces between words.
    static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2E80...0x2FDF, 0x3005...0x3007, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7AF,
            0xF900...0xFAFF, 0x20000...0x3FFFF:
            true
        default: false
        }
    }

    private static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
            true
        default: false
        }
    }
}
