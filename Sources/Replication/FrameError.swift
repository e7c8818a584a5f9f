/// What is wrong with bytes from a peer or from disk.
package enum FrameError: Error, Hashable, Sendable {
    /// The length field says more than the bound.
    case tooLong(Int, limit: Int)
    /// The length field says less than an envelope needs.
    case tooShort(Int)
    /// An envelope version that this node does not know.
    case unknownVersion(UInt8)
    /// A traffic class that this node does not know.
    case unknownClass(UInt8)
    /// The checksum is not that of the bytes.
    case badChecksum(said: UInt32, computed: UInt32)
    /// The body means nothing; the text says which part.
    case malformed(String)
}
