package import Kernel

/// Turns frames into bodies and back (protobuf, `Protobuf/frames.proto`).
package enum FrameCodec {
    /// The frame's body.
    package static func encode(_ frame: Frame) -> [UInt8] {
        []
    }

    /// The frame of a body; throws when the bytes mean nothing or break a bound.
    package static func decode(_ body: [UInt8]) throws(FrameError) -> Frame {
        .unknown
    }
}

/// Turns documents and values into bytes for storage and back.
package enum DocumentCodec {
    /// The document as bytes: equal documents give equal bytes.
    package static func encode(_ document: Document) -> [UInt8] {
        []
    }

    /// The document of some bytes.
    package static func decode(_ bytes: [UInt8]) throws(FrameError) -> Document {
        throw .malformed("empty")
    }

    /// A value as bytes.
    package static func encode(_ value: Value) -> [UInt8] {
        []
    }

    /// The value of some bytes.
    package static func decodeValue(_ bytes: [UInt8]) throws(FrameError) -> Value {
        .null
    }
}
