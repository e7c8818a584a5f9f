package import Kernel

/// Reads what `DocumentEncoder` wrote.
package struct DocumentDecoder {
    private var reader: ByteReader
    private var origins: [Origin] = []
    private var actors: [Actor] = []

    /// The document with this id; throws `FrameError.malformed` when the bytes are not a document.
    package static func decode(_ bytes: [UInt8], id: DocumentID) throws(FrameError) -> Document {
        do throws(ByteReader.Damaged) {
            var decoder = DocumentDecoder(reader: ByteReader(bytes))
            try decoder.readFront()
            return try decoder.readDocument(id)
        } catch {
            throw .malformed("the document \(id.type.number)/\(id.key) of \(bytes.count) bytes")
        }
    }

    private init(reader: ByteReader) {
        self.reader = reader
    }

    private mutating func readFront() throws(ByteReader.Damaged) {
        guard try reader.byte() == DocumentEncoder.form else { throw ByteReader.Damaged() }
        for _ in 0..<(try reader.count()) {
            guard let site = SiteID(try reader.text()), let epoch = UInt32(exactly: try reader.number()) else {
                throw ByteReader.Damaged()
            }
            origins.append(Origin(site: site, epoch: epoch))
        }
        for _ in 0..<(try reader.count()) { actors.append(Actor(try reader.text())) }
    }

    private mutating func readDocument(_ id: DocumentID) throws(ByteReader.Damaged) -> Document {
        var heads: [Dot] = []
        for _ in 0..<(try reader.count()) { heads.append(try dot()) }
        let updated = HybridTimestamp(bits: try reader.fixed())
        var deletion: Document.Deletion?
        if try reader.byte() == 1 {
            let author = try authored()
            deletion = Document.Deletion(dot: author.dot, stamp: author.stamp, actor: author.actor)
        }
        let registers = try fields { decoder throws(ByteReader.Damaged) in try decoder.register() }
        let sets = try fields { decoder throws(ByteReader.Damaged) in try decoder.set() }
        let counters = try fields { decoder throws(ByteReader.Damaged) in try decoder.counter() }
        let logs = try fields { decoder throws(ByteReader.Damaged) in try decoder.log() }
        guard reader.isAtEnd else { throw ByteReader.Damaged() }
        return Document(
            id: id,
            version: VersionVector(heads),
            updated: updated,
            deletion: deletion,
            registers: registers,
            sets: sets,
            counters: counters,
            logs: logs
        )
    }

    private mutating func register() throws(ByteReader.Damaged) -> Register {
        var writes: [RegisterWrite] = []
        for _ in 0..<(try reader.count()) {
            let value = try reader.value()
            let author = try authored()
            writes.append(
                RegisterWrite(value: value, dot: author.dot, stamp: author.stamp, actor: author.actor)
            )
        }
        return Register(ordered: writes)
    }

    private mutating func set() throws(ByteReader.Damaged) -> ObservedRemoveSet {
        var elements: [ObservedRemoveSet.Element] = []
        for _ in 0..<(try reader.count()) {
            let value = try reader.value()
            var dots: [Dot] = []
            for _ in 0..<(try reader.count()) { dots.append(try dot()) }
            elements.append(ObservedRemoveSet.Element(value: value, dots: dots))
        }
        return ObservedRemoveSet(elements: elements)
    }

    private mutating func counter() throws(ByteReader.Damaged) -> PNCounter {
        var shares: [PNCounter.Share] = []
        for _ in 0..<(try reader.count()) {
            shares.append(
                PNCounter.Share(origin: try origin(), added: try reader.number(), taken: try reader.number())
            )
        }
        return PNCounter(shares: shares)
    }

    private mutating func log() throws(ByteReader.Damaged) -> AppendLog {
        var entries: [LogEntry] = []
        for _ in 0..<(try reader.count()) {
            let value = try reader.value()
            let author = try authored()
            guard let index = UInt16(exactly: try reader.number()) else { throw ByteReader.Damaged() }
            entries.append(
                LogEntry(dot: author.dot, index: index, stamp: author.stamp, actor: author.actor, value: value)
            )
        }
        return AppendLog(entries: entries)
    }

    private mutating func fields<T>(
        _ read: (inout DocumentDecoder) throws(ByteReader.Damaged) -> T
    ) throws(ByteReader.Damaged) -> [FieldID: T] {
        var result: [FieldID: T] = [:]
        for _ in 0..<(try reader.count()) {
            guard let number = UInt16(exactly: try reader.number()) else { throw ByteReader.Damaged() }
            result[FieldID(number)] = try read(&self)
        }
        return result
    }

    private mutating func authored() throws(ByteReader.Damaged) -> (dot: Dot, stamp: HybridTimestamp, actor: Actor) {
        let dot = try dot()
        let stamp = HybridTimestamp(bits: try reader.fixed())
        let place = try reader.number()
        guard place < UInt64(actors.count) else { throw ByteReader.Damaged() }
        return (dot, stamp, actors[Int(place)])
    }

    private mutating func dot() throws(ByteReader.Damaged) -> Dot {
        Dot(origin: try origin(), sequence: try reader.number())
    }

    private mutating func origin() throws(ByteReader.Damaged) -> Origin {
        let place = try reader.number()
        guard place < UInt64(origins.count) else { throw ByteReader.Damaged() }
        return origins[Int(place)]
    }
}
