/// How urgent a notice is.
package enum NoticeLevel: String, Codable, Hashable, Sendable, CaseIterable {
    /// For information.
    case info
    /// Somebody should look.
    case warning
    /// Something does not work.
    case error
}

/// A line for the people who look at a page.
package struct NoticeResource: Codable, Hashable, Sendable {
    /// How urgent.
    package var level: NoticeLevel
    /// What happened.
    package var text: String

    /// Puts one together.
    package init(
        level: NoticeLevel,
        text: String
    ) {
        self.level = level
        self.text = text
    }
}
