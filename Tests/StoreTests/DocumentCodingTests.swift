import Kernel
import Replication
import TestKit
import Testing

@Suite("Documents on disk")
struct DocumentCodingTests {
    @Test("A document reads back as it was written", arguments: Seeds.first(40))
    func roundTrip(seed: UInt64) throws {
        var records = RandomRecords(seed: seed)
        for index in 0..<20 {
            let document = records.document(index)
            let bytes = DocumentEncoder.encode(document)
            #expect(try DocumentDecoder.decode(bytes, id: document.id) == document, "seed \(seed), document \(index)")
        }
    }

    @Test("Equal documents are equal bytes", arguments: Seeds.first(10))
    func canonical(seed: UInt64) throws {
        var records = RandomRecords(seed: seed)
        let document = records.document(0)
        let bytes = DocumentEncoder.encode(document)
        #expect(DocumentEncoder.encode(try DocumentDecoder.decode(bytes, id: document.id)) == bytes)
    }

    @Test("A cut-off document is told as damage", arguments: Seeds.first(10))
    func truncated(seed: UInt64) throws {
        var records = RandomRecords(seed: seed)
        let document = records.document(1)
        let bytes = DocumentEncoder.encode(document)
        for length in 0..<bytes.count {
            #expect(throws: FrameError.self, "seed \(seed), length \(length)") {
                try DocumentDecoder.decode(Array(bytes.prefix(length)), id: document.id)
            }
        }
    }

    @Test("Flipped bits never crash the reader", arguments: Seeds.first(10))
    func flipped(seed: UInt64) {
        var records = RandomRecords(seed: seed)
        let document = records.document(0)
        let bytes = DocumentEncoder.encode(document)
        var unchanged = 0
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= UInt8(1 << (place % 8))
            if (try? DocumentDecoder.decode(damaged, id: document.id)) == document { unchanged += 1 }
        }
        // A few flips are invisible: an unused entry of the front tables, say. Most are not.
        #expect(unchanged * 10 <= bytes.count, "seed \(seed)")
    }
}
