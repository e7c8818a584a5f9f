import Kernel
import SwiftProtobuf

/// Reads and writes what has no type of its own in the generated code.
enum Wire {
    /// A message's bytes.
    ///
    /// Encoding fails only for messages of more than 2 GB, which no bound here lets arise.
    static func bytes(_ message: some Message) -> [UInt8] {
        (try? message.serializedBytes()) ?? []
    }

    /// The message of some bytes.
    static func message<M: Message>(_ bytes: [UInt8], _ what: String) throws(FrameError) -> M {
        do {
            return try M(serializedBytes: bytes)
        } catch {
            throw .malformed(what)
        }
    }

    /// Bytes in the form that the generated code wants (Foundation's `Data`, which is not named here).
    static func data<Bytes: SwiftProtobufContiguousBytes>(_ bytes: [UInt8]) -> Bytes {
        Bytes(bytes)
    }

    /// Bytes out of the generated code.
    static func array(_ data: some SwiftProtobufContiguousBytes) -> [UInt8] {
        data.withUnsafeBytes { Array($0) }
    }

    /// Reads a site's name.
    static func site(_ name: String) throws(FrameError) -> SiteID {
        guard let site = SiteID(name) else { throw .malformed("site name") }
        return site
    }

    /// Reads a list of sites.
    static func sites(_ names: [String]) throws(FrameError) -> [SiteID] {
        guard names.count <= Limits.sitesMax else { throw .malformed("\(names.count) sites") }
        var result: [SiteID] = []
        for name in names { result.append(try site(name)) }
        return result
    }

    /// Reads an origin.
    static func origin(site name: String, epoch: UInt32) throws(FrameError) -> Origin {
        guard epoch > 0 else { throw .malformed("epoch 0") }
        return Origin(site: try site(name), epoch: epoch)
    }

    /// Reads the dots of a mutation.
    static func dots(_ wire: [WireDot]) throws(FrameError) -> [Dot] {
        var result: [Dot] = []
        result.reserveCapacity(wire.count)
        for dot in wire { result.append(try dot.dot()) }
        return result
    }

    /// Reads the number of a field, type or kind.
    static func shortNumber(_ number: UInt32, _ what: String) throws(FrameError) -> UInt16 {
        guard let short = UInt16(exactly: number) else { throw .malformed("\(what) \(number)") }
        return short
    }

    /// Reads a length of time in milliseconds; absurd ones are cut to a year, so that no sum with them overflows.
    static func span(_ milliseconds: UInt64) -> Span {
        .milliseconds(Int64(min(milliseconds, 366 * 86_400_000)))
    }

    /// Writes fields in the order of their numbers.
    static func fields(_ fields: FieldMap) -> [WireField] {
        fields.sorted { $0.key < $1.key }.map { id, value in
            var field = WireField()
            field.id = UInt32(id.number)
            field.value = WireValue(value)
            return field
        }
    }

    /// Reads fields; values of unknown kinds are left out.
    static func fieldMap(_ wire: [WireField]) throws(FrameError) -> FieldMap {
        guard wire.count <= Limits.fieldsPerMapMax else { throw .malformed("\(wire.count) fields") }
        var result: FieldMap = [:]
        for field in wire {
            let id = FieldID(try shortNumber(field.id, "field"))
            if let value = try field.value.value() { result[id] = value }
        }
        return result
    }
}
