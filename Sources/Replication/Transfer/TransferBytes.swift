import Kernel

// Names, vectors and hashes as transfers write them. Equal values are equal bytes.

extension ByteWriter {
    mutating func transfer(_ origin: Origin) {
        text(origin.site.name)
        number(UInt64(origin.epoch))
    }

    mutating func transfer(_ dot: Dot) {
        transfer(dot.origin)
        number(dot.sequence)
    }

    mutating func transfer(_ dots: [Dot]) {
        number(dots.count)
        for dot in dots { transfer(dot) }
    }

    mutating func transfer(_ vector: VersionVector) { transfer(vector.heads) }

    mutating func transfer(_ heads: [OriginHead]) {
        number(heads.count)
        for head in heads {
            transfer(head.dot)
            block(head.chain)
        }
    }

    mutating func transfer(_ id: DocumentID) {
        number(UInt64(id.type.number))
        text(id.key)
    }

    mutating func transfer(_ id: DocumentID?) {
        byte(id == nil ? 0 : 1)
        if let id { transfer(id) }
    }

    mutating func transfer(_ hash: DocumentHash) { raw(hash.bytes) }
}

extension ByteReader {
    mutating func origin() throws(Damaged) -> Origin {
        guard let site = SiteID(try text()), let epoch = UInt32(exactly: try number()) else { throw Damaged() }
        return Origin(site: site, epoch: epoch)
    }

    mutating func dot() throws(Damaged) -> Dot {
        let origin = try origin()
        let sequence = try number()
        guard sequence > 0 else { throw Damaged() }
        return Dot(origin: origin, sequence: sequence)
    }

    /// A list of at most `limit` things.
    mutating func list<Item>(
        limit: Int,
        _ read: (inout ByteReader) throws(Damaged) -> Item
    ) throws(Damaged) -> [Item] {
        let count = try count()
        guard count <= limit else { throw Damaged() }
        var result: [Item] = []
        for _ in 0..<count { result.append(try read(&self)) }
        return result
    }

    mutating func vector() throws(Damaged) -> VersionVector {
        let heads = try list(limit: Limits.originsMax) { reader throws(Damaged) in try reader.dot() }
        let vector = VersionVector(heads)
        guard vector.heads == heads else { throw Damaged() }
        return vector
    }

    mutating func heads() throws(Damaged) -> [OriginHead] {
        try list(limit: Limits.originsMax) { reader throws(Damaged) in
            OriginHead(dot: try reader.dot(), chain: try reader.block())
        }
    }

    mutating func documentID() throws(Damaged) -> DocumentID {
        guard let type = UInt16(exactly: try number()) else { throw Damaged() }
        let key = try text()
        guard (1...Limits.documentKeyBytesMax).contains(key.utf8.count) else { throw Damaged() }
        return DocumentID(type: DocumentType(type), key: key)
    }

    mutating func optionalID() throws(Damaged) -> DocumentID? {
        switch try byte() {
        case 0: nil
        case 1: try documentID()
        default: throw Damaged()
        }
    }

    mutating func hash() throws(Damaged) -> DocumentHash {
        var bytes: [UInt8] = []
        for _ in 0..<DocumentHash.size { bytes.append(try byte()) }
        guard let hash = DocumentHash(bytes: bytes) else { throw Damaged() }
        return hash
    }
}
