import Foundation
import Kernel

/// How Chinese characters are read in Latin letters, so that `zhang` finds 张 as well as Zhang.
///
/// ICU's transliteration costs some 40 µs a name; a character's reading does not depend on its neighbours there, so
/// each is asked for once. The table can hold no more entries than there are ideographs.
struct ReadingTable {
    private var readings: [Unicode.Scalar: String] = [:]

    /// The words under which a run of characters is found: from each character on, the syllables joined.
    ///
    /// 张小明 gives `zhangxiaoming`, `xiaoming`, `ming`; prefix search does the rest.
    mutating func words(_ scalars: [Unicode.Scalar]) -> [String] {
        let syllables = scalars.map { reading($0) }
        return syllables.indices.map { start in
            syllables[start...].prefix(Limits.searchSyllablesMax).joined()
        }.filter { !$0.isEmpty }
    }

    /// The reading of one character, without tone marks; empty when there is none.
    mutating func reading(_ scalar: Unicode.Scalar) -> String {
        if let known = readings[scalar] { return known }
        let latin = String(scalar).applyingTransform(.toLatin, reverse: false) ?? ""
        let letters = SearchText.folded(latin).unicodeScalars.filter { ("a"..."z").contains($0) }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: letters)
        readings[scalar] = String(text)
        return String(text)
    }
}
