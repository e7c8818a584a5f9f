/// When a queue's callers hear announcements and music.
package enum AnnouncementMode: String, Hashable, Sendable, CaseIterable {
    /// Never: they hear their own telephone's ringing.
    case off
    /// Before the call is answered, as early media: it costs the caller nothing, but some carriers do not let it pass.
    case early
    /// The call is answered at once, and the announcements are part of it.
    case answered
}

/// A language in which announcements are spoken.
package enum SpokenLanguage: String, Hashable, Sendable, CaseIterable {
    /// English.
    case english = "en"
    /// Chinese, as text in simplified characters: Mandarin.
    case simplifiedChinese = "zh-hans"
    /// Chinese, as text in traditional characters.
    case traditionalChinese = "zh-hant"

    /// The language that comes nearest to a BCP 47 tag; nil when none does (RFC 5646, §2.1: case does not matter).
    package init?(tag: String) {
        let parts = tag.lowercased().split(whereSeparator: { $0 == "-" || $0 == "_" }).map(String.init)
        switch parts.first {
        case "en": self = .english
        case "zh", "yue", "cmn":
            let isTraditional = parts.dropFirst().contains { ["hant", "tw", "hk", "mo"].contains($0) }
            self = isTraditional ? .traditionalChinese : .simplifiedChinese
        default: return nil
        }
    }
}

/// Which of a queue's calls are recorded.
package enum RecordingPolicy: Hashable, Sendable {
    /// None.
    case off
    /// Every one.
    case always
    /// This many in a hundred, 1…99, chosen by chance.
    case share(Int)

    /// Whether a call is recorded for which chance has drawn this number, 0…99 (others count as their rest by 100).
    package func includes(draw: UInt64) -> Bool {
        switch self {
        case .off: false
        case .always: true
        case .share(let percent): draw % 100 < UInt64(clamping: percent)
        }
    }
}

extension RecordingPolicy: CustomStringConvertible {
    /// The stored form: `off`, `always`, `share:20`.
    package var description: String {
        switch self {
        case .off: "off"
        case .always: "always"
        case .share(let percent): "share:\(percent)"
        }
    }

    /// Reads the stored form; nil when it is none or the share is not 1…99.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts.first, parts.count) {
        case ("off", 1): self = .off
        case ("always", 1): self = .always
        case ("share", 2):
            guard let percent = Int(parts[1]), (1...99).contains(percent) else { return nil }
            self = .share(percent)
        default: return nil
        }
    }
}

/// Where an agent takes a call that is offered.
package enum AnswerPlace: String, Hashable, Sendable, CaseIterable {
    /// At the phone, which rings.
    case phone
    /// At the page: the phone is told to answer by itself, which not every phone does.
    case page
}
