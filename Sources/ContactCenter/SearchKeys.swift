/// Words under which a customer file is found.
package enum SearchKeys {
    /// The searchable words of a text: lower case, split at anything but letters and digits; a run of Chinese,
    /// Japanese or Korean script gives each character and each pair, because it has no spaces.
    ///
    /// Sorted and unique. A query is cut the same way and finds the files that have all of its words.
    package static func words(_ text: String) -> [String] {
        var words: Set<String> = []
        var latin = ""
        var wide: [Character] = []
        func flush() {
            if !latin.isEmpty { words.insert(latin) }
            for index in wide.indices {
                words.insert(String(wide[index]))
                if index + 1 < wide.endIndex { words.insert(String(wide[index...(index + 1)])) }
            }
            latin = ""
            wide = []
        }
        for character in text.lowercased() {
            if isWide(character) {
                if !latin.isEmpty { flush() }
                wide.append(character)
            } else if character.isLetter || character.isNumber {
                if !wide.isEmpty { flush() }
                latin.append(character)
            } else {
                flush()
            }
        }
        flush()
        return words.sorted()
    }

    /// The words of a customer file: name, organisation, department, mail addresses, and the keys of its numbers.
    package static func words(of customer: Customer) -> [String] {
        var all = Set(words(customer.name))
        all.formUnion(words(customer.organisationName))
        all.formUnion(words(customer.department))
        for email in customer.emails { all.formUnion(words(email)) }
        for phone in customer.phones { all.formUnion(PhoneNumber.matchKeys(phone)) }
        return all.sorted()
    }

    /// True for characters of scripts that are written without spaces.
    package static func isWide(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first else { return false }
        switch scalar.value {
        case 0x2E80...0x303F, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF,
            0x20000...0x323AF:
            return true
        default:
            return false
        }
    }
}
