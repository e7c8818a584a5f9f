import Kernel

/// Reads what `OpCodec` wrote; checks everything that the kernel's types take for granted.
struct OpDecoder {
    private var reader: ByteReader
    private var origins: [Origin]

    init(reader: ByteReader, own: Origin) {
        self.reader = reader
        origins = [own]
    }

    mutating func op(_ dot: Dot) throws(ByteReader.Damaged) -> Op {
        guard try reader.byte() == OpCodec.form else { throw ByteReader.Damaged() }
        let stamp = HybridTimestamp(bits: try reader.fixed())
        let actor = Actor(try reader.text())
        for _ in 0..<(try reader.count()) {
            guard let site = SiteID(try reader.text()), let epoch = UInt32(exactly: try reader.number()), epoch > 0,
                origins.count < Limits.originsMax
            else { throw ByteReader.Damaged() }
            origins.append(Origin(site: site, epoch: epoch))
        }
        let needs = VersionVector(try OpDecoder.dots(&reader, origins))
        var changes: [DocumentChange] = []
        for _ in 0..<(try reader.count()) { changes.append(try change()) }
        return Op(dot: dot, stamp: stamp, actor: actor, needs: needs, changes: changes)
    }

    private mutating func change() throws(ByteReader.Damaged) -> DocumentChange {
        guard let type = UInt16(exactly: try reader.number()) else { throw ByteReader.Damaged() }
        let key = try reader.text()
        guard (1...Limits.documentKeyBytesMax).contains(key.utf8.count) else { throw ByteReader.Damaged() }
        let count = try reader.count()
        // The place of a mutation is 16 bits wide in a log entry.
        guard count <= Int(UInt16.max) else { throw ByteReader.Damaged() }
        var mutations: [Mutation] = []
        mutations.reserveCapacity(count)
        for _ in 0..<count { mutations.append(try mutation()) }
        return DocumentChange(document: DocumentID(type: DocumentType(type), key: key), mutations: mutations)
    }

    private mutating func mutation() throws(ByteReader.Damaged) -> Mutation {
        let kind = MutationKind(rawValue: try reader.byte())
        let length = try reader.count()
        let end = try reader.end(ofBlockOf: length)
        guard let kind else {
            reader.skip(to: end)
            return .unknown
        }
        guard let number = UInt16(exactly: try reader.number()) else { throw ByteReader.Damaged() }
        let field = FieldID(number)
        let mutation: Mutation =
            switch kind {
            case .set: .set(field, try reader.value(), seen: try OpDecoder.dots(&reader, origins))
            case .settle: .settle(field, try OpDecoder.dots(&reader, origins))
            case .insert: .insert(field, try reader.value())
            case .remove: .remove(field, try reader.value(), dots: try OpDecoder.dots(&reader, origins))
            case .add: .add(field, try reader.signed())
            case .append: .append(field, try reader.value())
            case .delete: .delete(seen: VersionVector(try OpDecoder.dots(&reader, origins)))
            }
        // A newer node may have written more behind what is known here.
        guard reader.position <= end else { throw ByteReader.Damaged() }
        reader.skip(to: end)
        return mutation
    }

    private static func dots(_ reader: inout ByteReader, _ origins: [Origin]) throws(ByteReader.Damaged) -> [Dot] {
        let count = try reader.count()
        var result: [Dot] = []
        result.reserveCapacity(count)
        for _ in 0..<count {
            let place = try reader.number()
            guard place < UInt64(origins.count) else { throw ByteReader.Damaged() }
            result.append(Dot(origin: origins[Int(place)], sequence: try reader.number()))
        }
        return result
    }
}
