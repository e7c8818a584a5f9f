import Foundation
import Kernel

/// The media relays of a site, what they play, and where recordings go.
package struct MediaConfiguration: Hashable, Sendable {
    /// Where relays take requests; empty when no media is anchored at this site.
    package var relays: [SiteConfiguration.Endpoint]
    /// Where relays report pressed keys; nil hears of none.
    package var digits: SiteConfiguration.Endpoint?
    /// Where the mixer takes requests; nil mixes nobody: no conference, and no supervisor who listens.
    package var mixer: SiteConfiguration.Endpoint?
    /// Whether the mixer's parties may be behind translating routers.
    package var isMixerSymmetric: Bool
    /// Folder of announcements and music; the relays see it under the same path.
    package var soundsFolder: String
    /// The relays' own recording folder as this machine sees it; nil records nothing.
    package var spoolFolder: String?
    /// Folder of finished recordings.
    package var recordingsFolder: String
    /// How many days recordings are kept.
    package var recordingDays: Int
    /// File of the key under which recordings are encrypted.
    package var recordingKeyFile: String
}

extension MediaConfiguration {
    /// Reads the section `media`; everything in it has a default.
    static func read(_ media: ConfigurationReader, data: String, path: (String) -> String) -> MediaConfiguration {
        let relays = media.list("relays").map { entry in
            defer { entry.finish() }
            return SiteConfiguration.Endpoint(
                host: entry.string("host", default: "127.0.0.1"),
                port: entry.integer("port", in: 1...65_535)
            )
        }
        if relays.count > Limits.relaysMax { media.reject("relays", "are more than \(Limits.relaysMax)") }
        if Set(relays).count != relays.count { media.reject("relays", "name a relay twice") }
        let digits = media.section("digits")
        let mixer = media.section("mixer")
        defer {
            digits.finish()
            mixer.finish()
        }
        return MediaConfiguration(
            relays: relays,
            digits: digits.optionalInteger("port", in: 0...65_535).map { port in
                SiteConfiguration.Endpoint(host: digits.string("host", default: "127.0.0.1"), port: port)
            },
            mixer: mixer.optionalInteger("port", in: 1...65_535).map { port in
                SiteConfiguration.Endpoint(host: mixer.string("host", default: "127.0.0.1"), port: port)
            },
            isMixerSymmetric: mixer.boolean("behindRouters", default: false),
            soundsFolder: media.optionalString("sounds").map(path) ?? data + "/sounds",
            spoolFolder: media.optionalString("spool").map(path),
            recordingsFolder: media.optionalString("recordings").map(path) ?? data + "/recordings",
            recordingDays: media.integer(
                "recordingDays",
                in: 1...Limits.recordingDaysMax,
                default: Limits.recordingDaysDefault
            ),
            recordingKeyFile: media.optionalString("recordingKey").map(path) ?? data + "/recording-key"
        )
    }
}
