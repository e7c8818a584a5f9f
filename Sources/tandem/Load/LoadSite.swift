import Foundation
import Kernel
import SIP
import Site

/// A site as a load run sees it: where to dial and where its API is.
struct LoadSite: Sendable {
    let name: String
    let url: String
    let sip: SIPAddress

    init(_ configuration: SiteConfiguration) {
        name = configuration.site.name
        url = configuration.publicURL
        sip = SIPAddress(host: configuration.sipAdvertisedHost, port: UInt16(configuration.sip.port))
    }

    /// The agents that a run of that size has here.
    func agentNames(_ count: Int) -> [String] {
        count == 0 ? [] : (1...count).map { "\(name)-\($0)" }
    }
}

/// Where simulated callers and phones claim to want the sound; nothing is sent there.
enum SIPAddressText {
    static let media = SIPAddress(host: "127.0.0.1", port: 40_000)
}

/// Callers' numbers from a file of customers.
enum CallerNumbers {
    /// Reads the column `phone` of a simple CSV file.
    static func read(_ path: String) throws -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(code: .failed, message: "\(path) cannot be read")
        }
        let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
        let header = lines.first?.split(separator: ",", omittingEmptySubsequences: false).map(String.init) ?? []
        guard let column = header.firstIndex(of: "phone") else {
            throw CommandFailure(code: .data, message: "\(path): line 1: there is no column 'phone'")
        }
        let numbers = lines.dropFirst().compactMap { line -> String? in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            return column < cells.count && !cells[column].isEmpty ? String(cells[column]) : nil
        }
        guard !numbers.isEmpty else {
            throw CommandFailure(code: .data, message: "\(path): the column 'phone' is empty")
        }
        // In the file's order neighbours call one after the other; spread them.
        return (0..<numbers.count).map { numbers[$0 * 7_919 % numbers.count] }
    }
}
