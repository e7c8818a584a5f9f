package import Calls

/// What happens at a site's media relays.
package enum MediaRelayEvent: Hashable, Sendable {
    /// A job has ended.
    case done(UInt64, MediaResult)
    /// A party pressed a key (0-9 * # A-D).
    case digit(MediaSession, MediaSide, Character)
    /// Some relay answers, or none does any longer.
    case health(isUp: Bool)
    /// A relay has forgotten these sessions, or is gone while another one answers.
    case lost([MediaSession])
    /// The mixer answers, or no longer; one that was started anew has been gone.
    case mixer(isUp: Bool)
}
