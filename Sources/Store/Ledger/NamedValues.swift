import GRDB

/// Small numbers and some bytes, each by a name.
final class NamedValues {
    private let readCounter: BoundStatement
    private let writeCounter: BoundStatement
    private let readBlob: BoundStatement
    private let writeBlob: BoundStatement

    init(_ db: Database) throws {
        readCounter = try BoundStatement(db, "SELECT value FROM counter WHERE name = ?")
        writeCounter = try BoundStatement(db, "INSERT OR REPLACE INTO counter(name, value) VALUES (?, ?)")
        readBlob = try BoundStatement(db, "SELECT value FROM blob WHERE name = ?")
        writeBlob = try BoundStatement(db, "INSERT OR REPLACE INTO blob(name, value) VALUES (?, ?)")
    }

    func counter(_ name: String) throws -> Int64? {
        try readCounter.first({ $0.bind(1, name) }, read: { $0.int(0) })
    }

    func setCounter(_ name: String, to value: Int64) throws {
        try writeCounter.run {
            $0.bind(1, name)
            $0.bind(2, value)
        }
    }

    func blob(_ name: String) throws -> [UInt8]? {
        try readBlob.first({ $0.bind(1, name) }, read: { $0.blob(0) })
    }

    func setBlob(_ name: String, to bytes: [UInt8]) throws {
        try writeBlob.run {
            $0.bind(1, name)
            $0.bind(2, bytes)
        }
    }
}
