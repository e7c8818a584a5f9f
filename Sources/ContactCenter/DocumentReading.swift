package import Kernel

/// A note or another text entry of a log, with who wrote it, where and when.
package struct Note: Hashable, Sendable {
    /// The text.
    package let text: String
    /// Who wrote it.
    package let by: Actor
    /// At which site.
    package let site: SiteID
    /// When, in an order that also holds for what was written within a millisecond.
    package let stamp: HybridTimestamp

    /// When.
    package var at: WallTime { stamp.wall }

    /// Reads a log entry; nil when it holds no text.
    package init?(_ entry: LogEntry) {
        guard let text = entry.value.string else { return nil }
        self.text = text
        by = entry.actor
        site = entry.dot.origin.site
        stamp = entry.stamp
    }
}

extension Document {
    /// A register's text, empty when unset.
    func text(_ field: FieldID) -> String { value(field)?.string ?? "" }

    /// A register's text, nil when unset or empty.
    func optionalText(_ field: FieldID) -> String? {
        guard let text = value(field)?.string, !text.isEmpty else { return nil }
        return text
    }

    /// A register's whole number.
    func number(_ field: FieldID) -> Int64? { value(field)?.int }

    /// A register's time.
    ///
    /// Brought between 1970 and the year 144 000, so that no arithmetic on what another site wrote can overflow.
    func time(_ field: FieldID) -> WallTime? {
        value(field)?.int.map { WallTime(milliseconds: min(max($0, 0), 1 << 52)) }
    }

    /// A register's number of seconds, between none and a day.
    func seconds(_ field: FieldID) -> Int64? { value(field)?.int.map { min(max($0, 0), 86_400) } }

    /// A set's texts, sorted.
    func texts(_ field: FieldID) -> [String] { members(field).compactMap(\.string) }

    /// A log's notes, oldest first.
    func notes(_ field: FieldID) -> [Note] { entries(field).compactMap(Note.init) }

    /// A set's skills; entries that are no skill are left out.
    func skills(_ field: FieldID) -> SkillSet { SkillSet(texts(field).compactMap { Skill($0) }) }
}
