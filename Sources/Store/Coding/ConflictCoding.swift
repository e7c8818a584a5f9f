import Kernel
import Replication

/// A conflict as it lies on disk: the write that lost, then the write that won; the id is the row's key.
enum ConflictCoding {
    private static let form: UInt8 = 1

    static func encode(_ conflict: Conflict) -> [UInt8] {
        var writer = ByteWriter(capacity: 128)
        writer.byte(form)
        for write in [conflict.lost, conflict.won] {
            writer.value(write.value)
            writer.text(write.dot.origin.site.name)
            writer.number(UInt64(write.dot.origin.epoch))
            writer.number(write.dot.sequence)
            writer.fixed(write.stamp.bits)
            writer.text(write.actor.name)
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8], id: String) throws -> Conflict {
        do {
            var reader = ByteReader(bytes)
            guard try reader.byte() == form, let id = ConflictID(text: id) else { throw ByteReader.Damaged() }
            let lost = try write(&reader)
            let won = try write(&reader)
            guard reader.isAtEnd else { throw ByteReader.Damaged() }
            return Conflict(id: id, lost: lost, won: won)
        } catch {
            throw StoreFailure(.damaged, "The stored conflict \(id) is damaged.")
        }
    }

    private static func write(_ reader: inout ByteReader) throws(ByteReader.Damaged) -> RegisterWrite {
        let value = try reader.value()
        guard let site = SiteID(try reader.text()), let epoch = UInt32(exactly: try reader.number()) else {
            throw ByteReader.Damaged()
        }
        let sequence = try reader.number()
        let stamp = HybridTimestamp(bits: try reader.fixed())
        return RegisterWrite(
            value: value,
            dot: Dot(origin: Origin(site: site, epoch: epoch), sequence: sequence),
            stamp: stamp,
            actor: Actor(try reader.text())
        )
    }
}
