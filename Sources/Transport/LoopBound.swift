/// Carries something that belongs to a loop across threads; only code on the loop may look inside.
///
/// Unchecked Sendable: every access checks that it is on the loop's thread.
package final class LoopBound<Value>: @unchecked Sendable {
    private let loop: EventLoop
    private var stored: Value

    /// Wraps a value; only code on the loop may do so.
    package init(_ value: Value, on loop: EventLoop) {
        loop.assertOnLoop()
        self.loop = loop
        stored = value
    }

    /// The value; only code on the loop may ask.
    package var value: Value {
        get {
            loop.assertOnLoop()
            return stored
        }
        set {
            loop.assertOnLoop()
            stored = newValue
        }
    }
}
