import Kernel
import Replication

/// How far a site's writing has come, as the head file beside the database says.
struct HeadRecord: Hashable, Sendable {
    /// Which database: drawn at random when it was made.
    var instance: [UInt8]
    /// The epoch in which the site writes.
    var epoch: UInt32
    /// The newest sequence number of that epoch; 0 before the first op.
    var sequence: UInt64
    /// Which start of the site wrote it.
    var incarnation: UInt64

    /// Bytes of a database's name.
    static let instanceSize = 16
    /// Bytes of one record on disk.
    static let size = 60
    private static let mark = Array("TNDMHD".utf8)
    private static let form: UInt8 = 1

    /// Its bytes as the record of that number: a later one counts more than an earlier.
    func encoded(number: UInt64) -> [UInt8] {
        var writer = ByteWriter(capacity: HeadRecord.size)
        writer.raw(HeadRecord.mark)
        writer.byte(HeadRecord.form)
        writer.byte(0)
        writer.fixed(number)
        writer.raw(instance)
        writer.fixed(UInt64(epoch))
        writer.fixed(sequence)
        writer.fixed(incarnation)
        let sum = CRC32C.checksum(writer.bytes)
        for shift in stride(from: UInt32(0), to: 32, by: 8) { writer.byte(UInt8(truncatingIfNeeded: sum >> shift)) }
        return writer.bytes
    }

    /// Reads a record and its number; nil for anything that was not written whole.
    static func decode(_ bytes: some Collection<UInt8>) -> (record: HeadRecord, number: UInt64)? {
        let bytes = Array(bytes)
        guard bytes.count == size, bytes.starts(with: mark), bytes[6] == form else { return nil }
        let sum = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard sum == CRC32C.checksum(bytes.dropLast(4)) else { return nil }
        do {
            var reader = ByteReader(bytes)
            reader.skip(to: 8)
            let number = try reader.fixed()
            reader.skip(to: 16 + instanceSize)
            guard let epoch = UInt32(exactly: try reader.fixed()) else { return nil }
            let sequence = try reader.fixed()
            let incarnation = try reader.fixed()
            let record = HeadRecord(
                instance: Array(bytes[16..<16 + instanceSize]),
                epoch: epoch,
                sequence: sequence,
                incarnation: incarnation
            )
            return (record, number)
        } catch {
            return nil
        }
    }
}
