// Bounds of the mixer and of the node's talk with it.

extension Limits {
    /// Rooms of one mixer: supervisors who listen and calls of three are few beside all calls.
    package static let mixerRoomsMax = 256
    /// Parties of one room: caller, agent, a colleague, a supervisor, and as many again.
    package static let mixerPartiesMax = 8
    /// Bytes of a room's or party's name: twice the longest key.
    package static let mixerNameBytesMax = 192
    /// A room in which nothing was heard, and that no node asked to keep, ends after so long.
    package static let mixerIdleMax = Span.seconds(60)
    /// How long after a session was taken a party may choose the address that it is answered at.
    package static let mixerLatchWindow = Span.seconds(2)
    /// Samples that wait before a stream is played, so that jitter of 40 ms is not heard.
    package static let mixerDelaySamples = 320
    /// Samples kept of one stream: 200 ms.
    ///
    /// A stream further ahead begins anew, and with it its delay.
    package static let mixerBufferSamples = 1_600
    /// Ticks in a row in which a stream comes too late before it begins anew: its clock has jumped.
    package static let mixerLateTicksMax = 5
    /// Longest packet of voice, in samples: 100 ms; phones send 10 to 60.
    package static let mixerPacketSamplesMax = 800
    /// Packets of pressed keys taken from one party in a tick; a phone sends one, and its end three times.
    package static let mixerDigitsPerTickMax = 8
    /// Ticks made up for at once when the machine was too busy; more are left out.
    package static let mixerTicksBehindMax: Int64 = 5
    /// Answers that the mixer remembers for requests that come again.
    package static let mixerAnswersMax = 2_048
    /// How long it remembers them: longer than a client tries.
    package static let mixerAnswerKeep = Span.seconds(30)
    /// Jobs that wait for one room; a change of who hears whom asks for a few at a time.
    package static let mixerJobsPerRoomMax = 64
    /// How long whoever was brought into a call waits in silence for a mixer that died: it is noticed and started anew
    /// within seconds, and nobody stays on a silent line for longer.
    package static let mixRebuildMax = Span.seconds(15)
    /// After so long a phone that was busy with another change of session is offered the mixer's once more.
    package static let mixAskAgain = Span.seconds(2)
    /// How often phones of a room are asked in all: one that refuses for ten seconds does not want to be mixed.
    package static let mixAsksMax = 5
}
