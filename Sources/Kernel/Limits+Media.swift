// Bounds of the media relay's client, of announcements and of recordings.

extension Limits {
    /// A relay's reply is an SDP and a few words; a query's would be longer, and is not asked.
    package static let relayMessageBytesMax = 65_507
    /// Lists in lists of a relay's message; honest ones have three levels.
    package static let bencodeDepthMax = 16
    /// Values in a relay's message; honest ones have a few dozen.
    package static let bencodeValuesMax = 4_096
    /// A request to a relay is sent again after so long: a relay on the same machine or in the next rack answers
    /// within a few milliseconds.
    package static let relayRetryInterval = Span.milliseconds(300)
    /// How often a request is sent in all before the relay counts as silent.
    ///
    /// Three seconds, in which a caller still waits for an answer. A relay answers a repeated cookie from its memory
    /// and does nothing twice.
    package static let relayTriesMax = 10
    /// Requests under way at once at all relays; a relay works off some thousand a second.
    package static let relayRequestsMax = 8_192
    /// How often each relay is asked whether it lives.
    package static let relayPingInterval = Span.seconds(2)
    /// Sessions that are over and passed in one look for the next to ask a relay for; the others come with later looks.
    package static let relayProbesPassedMax = 1_024
    /// Relays of one site.
    package static let relaysMax = 16
    /// Sessions that one site keeps at its relays; each has four ports of at most 65,536, on several addresses.
    package static let mediaSessionsMax = 20_000
    /// Jobs that wait for one session; a call asks for a few at a time.
    package static let mediaJobsPerSessionMax = 32
    /// Clips said in one go: "you are number one hundred and twenty-three, about twenty minutes, press one…".
    package static let clipsMax = 32
    /// Bytes of a sound file that are read to learn its length.
    package static let soundHeaderBytes = 4_096
    /// A datagram that reports one pressed key; call ids may be long.
    package static let digitReportBytesMax = 4_096
    /// Longest packet kept in a capture; voice over Ethernet stays below 1,600.
    package static let captureBytesMax = 65_536
    /// Captures of one session: one more after each pause.
    package static let capturesPerSessionMax = 256
    /// How far apart two parts of one recording may be heard; a longer silence is cut to this length, so that a wrong
    /// clock fills no disk.
    package static let recordingGapMax = Span.minutes(10)
    /// Longest recording; the longest call and some more.
    package static let recordingMax = Span.minutes(12 * 60)
    /// A packet of voice comes at most so late to find its place still open.
    package static let recordingWindow = Span.seconds(2)
    /// Plain bytes of one encrypted piece of a recording: two seconds, so that seeking decrypts little.
    package static let recordingChunkBytes = 65_536
    /// Bars of a recording's waveform that are kept for each channel; a page shows fewer.
    package static let recordingPeaks = 1_000
    /// Recordings that wait to be made; one takes about a second for an hour of talk.
    package static let recordingsWaitingMax = 4_096
    /// How long recordings are kept unless the site's file says otherwise, in days.
    package static let recordingDaysDefault = 90
    /// Longest time that recordings may be kept, in days: ten years.
    package static let recordingDaysMax = 3_660
    /// How often recordings that are too old are looked for.
    package static let recordingSweepInterval = Span.minutes(60)
    /// Captures that no recording was made of are removed after so long: calls that were cut off with the node.
    package static let captureKeep = Span.minutes(24 * 60)
}
