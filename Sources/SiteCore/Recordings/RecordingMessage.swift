package import ContactCenter

/// A recording, by the names in the record of its contact.
package struct RecordingPlace: Hashable, Sendable {
    /// The contact that was recorded.
    package var contact: ContactID
    /// The file's name at the site that has it.
    package var file: String

    /// Names a recording.
    package init(_ contact: ContactID, _ file: String) {
        self.contact = contact
        self.file = file
    }
}

/// What a site tells of a recording that it has.
package struct RecordingFacts: Hashable, Sendable {
    /// Bytes of the WAV file.
    package var size: Int
    /// How long it lasts, in milliseconds.
    package var milliseconds: Int64
    /// The loudest sample of each of at most `Limits.recordingPeaksMax` equal parts, 0 to 255.
    package var peaks: [UInt8]

    /// Puts them together.
    package init(size: Int, milliseconds: Int64, peaks: [UInt8]) {
        self.size = size
        self.milliseconds = milliseconds
        self.peaks = peaks
    }
}

/// Why a site gives nothing of a recording; the numbers travel and are never reused.
package enum RecordingRefusal: UInt8, Hashable, Sendable, CaseIterable {
    /// The contact's record names no such recording of that site, or it is not kept any more.
    case notKept = 1
    /// The site does not know that it was opened: it was started anew, or has shut it.
    case notOpen = 2
    /// Too much is asked at once.
    case busy = 3
    /// The file is damaged, or the key is another one.
    case unreadable = 4
}

/// What sites say to each other about recordings: the payload of `Frame.recording`.
package enum RecordingMessage: Hashable, Sendable {
    /// What is this recording? With a listener it is opened for that person, which the receiver notes first.
    case look(UInt64, RecordingPlace, listener: String?)
    /// It is here; an opened one is read by the number in `grant`, which is 0 for one that was only looked at.
    case found(UInt64, RecordingFacts, grant: UInt64)
    /// Asks for a range of an opened recording.
    case read(UInt64, grant: UInt64, offset: Int, length: Int)
    /// A range, from the offset that was asked for on; never empty.
    case part(UInt64, [UInt8])
    /// The answer to any question.
    case refused(UInt64, RecordingRefusal)
    /// A kind that only a newer node understands; to be ignored.
    case unknown
}
