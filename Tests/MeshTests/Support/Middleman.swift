import Kernel
import Transport

/// A wire between two nodes that a test can damage: what goes from the dialling to the dialled end is passed on as
/// the test says.
struct Middleman: Sendable {
    /// What to do with the bytes that come from the dialling end.
    enum Mode: Sendable {
        /// Pass them on.
        case pass
        /// Pass each piece on twice.
        case replay
        /// Keep a piece, and pass it on behind the next one.
        case swap
        /// Drop a piece, pass on the others.
        case omit
        /// Change a bit in the middle.
        case damage
        /// Pass on half a piece and hang up.
        case cut
    }

    /// Where to dial.
    let port: UInt16
    /// A piece that came while the mode was not `pass`.
    let tampered = Mailbox<Int>()
    private let wire: LoopBound<Wire>
    private let loop: EventLoop

    /// Confined to the loop.
    private final class Wire {
        var mode = Mode.pass
        var kept: [UInt8]?
    }

    /// Listens, and dials `target` for each who comes.
    init(to target: UInt16, on loop: EventLoop) async throws {
        self.loop = loop
        let tampered = tampered
        (wire, port) = try await loop.run {
            let wire = LoopBound(Wire(), on: loop)
            let listener = try TCPListener.listen(on: loop, at: .loopback(port: 0)) { near in
                _ = try? TCPConnection.connect(on: loop, to: .loopback(port: target)) { result in
                    guard case .success(let far) = result else { return near.close() }
                    near.onReceive = { Middleman.carry($0, wire.value, near, far, tampered) }
                    far.onReceive = { near.write($0) }
                    near.onClose = { _ in far.finish() }
                    far.onClose = { _ in near.finish() }
                    near.startReading()
                    far.startReading()
                }
            }
            return (wire, listener.localAddress.port)
        }
    }

    /// Treats the bytes to come otherwise.
    func set(_ mode: Mode) async throws {
        let wire = wire
        try await loop.run {
            wire.value.mode = mode
            wire.value.kept = nil
        }
    }

    private static func carry(
        _ bytes: [UInt8],
        _ wire: Wire,
        _ near: TCPConnection,
        _ far: TCPConnection,
        _ tampered: Mailbox<Int>
    ) {
        switch wire.mode {
        case .pass: far.write(bytes)
        case .replay:
            far.write(bytes)
            far.write(bytes)
        case .swap:
            if let kept = wire.kept {
                far.write(bytes)
                far.write(kept)
                wire.mode = .pass
            } else {
                wire.kept = bytes
            }
        case .omit: wire.mode = .pass
        case .damage:
            var changed = bytes
            changed[changed.count / 2] ^= 1
            far.write(changed)
        case .cut:
            far.write(Array(bytes[..<(bytes.count / 2)]))
            near.close()
        }
        if case .pass = wire.mode, wire.kept == nil { return }
        tampered.put(bytes.count)
    }
}
