/// Every bound of every queue, buffer, loop, retry and message, each with its reason.
///
/// A module adds its own bounds in an extension of this type in this folder's neighbour files
/// (`Limits+SIP.swift` …), so that questions of capacity have one address.
package enum Limits {
    /// Site names stand in dots, certificates and ticket numbers: short enough to read aloud.
    package static let siteNameBytesMax = 32
    /// Keys stand in URLs and log lines; site, epoch, sequence and index fit three times over.
    package static let documentKeyBytesMax = 96
}
