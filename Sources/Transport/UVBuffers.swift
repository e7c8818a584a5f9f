import CUV
import Kernel

/// Lends the loop's one read buffer to libuv: for a UDP socket all of it, which libuv cuts into 64 KiB slots, for a
/// stream one such slot.
///
/// It is free again when the read callback returns.
func lendReadBuffer(
    of handle: UnsafeMutablePointer<uv_handle_t>?,
    to buffer: UnsafeMutablePointer<uv_buf_t>?,
    slots: Bool
) {
    guard let buffer, let loop = EventLoop.of(handle?.pointee.loop) else { return }
    buffer.pointee.base = loop.readBuffer.baseAddress?.assumingMemoryBound(to: CChar.self)
    buffer.pointee.len = slots ? loop.readBuffer.count : min(65_536, loop.readBuffer.count)
}

extension [UInt8] {
    /// Lends the bytes to libuv for the length of a call that only reads them.
    func withUVBuffer<Result>(_ body: (UnsafePointer<uv_buf_t>) -> Result) -> Result {
        withUnsafeBytes { bytes in
            let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
            var buffer = uv_buf_t(base: start?.assumingMemoryBound(to: CChar.self), len: bytes.count)
            return body(&buffer)
        }
    }
}

extension uv_buf_t {
    /// A copy of bytes in memory of its own; free `base` with `deallocate()`.
    static func copy(of bytes: ArraySlice<UInt8>) -> uv_buf_t {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: Swift.max(1, bytes.count), alignment: 16)
        memory.copyBytes(from: bytes)
        return uv_buf_t(base: memory.baseAddress?.assumingMemoryBound(to: CChar.self), len: bytes.count)
    }
}
