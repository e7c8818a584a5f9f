package import ContactCenter

/// The clips that a node asks for; the edge has a sound for each in every language, or is silent.
///
/// Sentences with numbers are put together: `positionBefore`, `number(3)`, `positionAfter`.
extension MediaClip {
    /// The numbers that are spoken.
    package static let numbers = 1...60

    /// Names of everything that is said, numbers apart.
    package enum Name: String, CaseIterable, Sendable {
        /// "Welcome. All our agents are busy; please hold the line."
        case welcome
        /// "All our agents are still busy. Please stay on the line."
        case allBusy = "all-busy"
        /// "This call may be recorded."
        case recordingNotice = "recording-notice"
        /// "You are next."
        case positionNext = "position-next"
        /// "You are number" (then the number).
        case positionBefore = "position"
        /// "in the queue."
        case positionAfter = "position-end"
        /// "There are many callers before you."
        case positionMany = "position-many"
        /// "The expected wait is less than a minute."
        case waitUnderMinute = "wait-under-minute"
        /// "The expected wait is about" (then a number and `waitMinutes`).
        case waitAbout = "wait-about"
        /// "The expected wait is between" (then a number, `waitAnd`, a number, `waitMinutes`).
        case waitBetween = "wait-between"
        /// "and".
        case waitAnd = "wait-and"
        /// "minutes."
        case waitMinutes = "wait-minutes"
        /// "The expected wait is longer than half an hour."
        case waitLong = "wait-long"
        /// "To be called back without losing your place, press 1."
        case callbackOffer = "callback-offer"
        /// "We will call you back at the number that you are calling from. Goodbye."
        case callbackConfirmed = "callback-confirmed"
        /// "All our agents are busy. Please call again later. Goodbye."
        case closingBusy = "closing-busy"
        /// "We are closed now. Please call again in our opening hours. Goodbye."
        case closingClosed = "closing-closed"
        /// "We are closed for the holiday. Goodbye."
        case closingHoliday = "closing-holiday"
        /// "We are closed because of an emergency. Goodbye."
        case closingEmergency = "closing-emergency"
        /// "Nobody can take your call now. Please call again later. Goodbye."
        case closingNoAgents = "closing-no-agents"
    }

    /// Something said in a language.
    package static func said(_ name: Name, in language: SpokenLanguage) -> MediaClip {
        MediaClip(name.rawValue, language: language.rawValue)
    }

    /// A number said in a language; only those of `numbers` have a sound.
    package static func number(_ number: Int, in language: SpokenLanguage) -> MediaClip {
        MediaClip("number-\(number)", language: language.rawValue)
    }

    /// What a caller hears before the centre hangs up.
    package static func closing(_ announcement: ClosingAnnouncement, in language: SpokenLanguage) -> MediaClip {
        switch announcement {
        case .busy: said(.closingBusy, in: language)
        case .closed: said(.closingClosed, in: language)
        case .holiday: said(.closingHoliday, in: language)
        case .emergency: said(.closingEmergency, in: language)
        case .noAgents: said(.closingNoAgents, in: language)
        }
    }

    /// What waiting and held callers hear between announcements.
    package static let music = MediaClip("music", language: "")
}
