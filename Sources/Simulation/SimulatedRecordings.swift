import ContactCenter
import Kernel
import SiteCore

/// The recordings on a simulated site's disk.
struct SimulatedRecordings: Sendable {
    /// Contents by where they are.
    var files: [RecordingPlace: [UInt8]] = [:]
    /// Who heard what, and at which site: what the audit trail would say.
    private(set) var heard: [String] = []

    /// Does what the core wants of the disk.
    mutating func perform(_ task: RecordingTask) -> RecordingResult {
        switch task {
        case .look(let place, let listener, let peer):
            guard let bytes = files[place] else { return .refused(.notKept) }
            if let listener { heard.append("\(listener) \(place.file) \(peer.name)") }
            return .found(RecordingFacts(size: bytes.count, milliseconds: Int64(bytes.count / 32), peaks: [1, 2, 3]))
        case .read(let place, let offset, let length):
            guard let bytes = files[place] else { return .refused(.notKept) }
            let start = min(max(0, offset), bytes.count)
            return .bytes(Array(bytes[start..<min(bytes.count, start + length)]))
        }
    }
}
