// What an agent does with a call from the page.
extension Limits {
    /// Characters of a number to dial: E.164 allows 15 digits; prefixes of a trunk and an extension may stand beside.
    package static let dialNumberCharactersMax = 32
    /// Digits sent into a call at once: a card number and what surrounds it.
    package static let digitsSentMax = 32
    /// Agents, and queues, offered as the target of a transfer: what a person reads; typing narrows it.
    package static let deskTargetsMax = 20
    /// Bytes of what is typed to find a target: a name.
    package static let deskTargetQueryBytesMax = 100
    /// Peaks of a recording: more than a screen has columns for a player.
    package static let recordingPeaksMax = 1_000
    /// Recordings listed for one contact: each transfer and each pause may begin another file.
    package static let recordingsPerContactMax = 100
    /// Reads of recordings that wait or go on: each takes some milliseconds, and a page asks for one at a time.
    package static let recordingReadsMax = 64
    /// Bytes of a recording's file name.
    package static let recordingNameBytesMax = 100
}
