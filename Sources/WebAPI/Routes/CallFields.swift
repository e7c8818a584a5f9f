import ContactCenter
import Kernel

// The fields of requests about calls.
extension BodyFields {
    /// A number to dial: digits, a `+` before them if any.
    mutating func dialNumber(_ name: String) -> Patch<String> {
        let given = text(name, max: Limits.dialNumberCharactersMax)
        guard let number = given.value else { return given }
        let digits = number.hasPrefix("+") ? number.utf8.dropFirst() : number.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            fail(name, "must be digits, with + before them if you like")
            return .absent
        }
        return .value(number)
    }

    /// Digits that a telephone can send.
    mutating func digits(_ name: String) -> Patch<String> {
        let given = text(name, max: Limits.digitsSentMax)
        guard let digits = given.value else { return given }
        guard !digits.isEmpty, digits.utf8.allSatisfy("0123456789*#ABCD".utf8.contains) else {
            fail(name, "must be digits, * or #, or A to D")
            return .absent
        }
        return .value(digits)
    }

    /// Exactly one of agent, queue and number; nil after a problem was noted.
    mutating func target() -> CallTarget? {
        let agent = line("agent", max: Limits.documentKeyBytesMax).value.map { CallTarget.agent(AgentID($0)) }
        let queue = line("queue", max: Limits.documentKeyBytesMax).value.map { CallTarget.queue(QueueID($0)) }
        let number = dialNumber("number").value.map { CallTarget.number($0) }
        let given = [agent, queue, number].compactMap { $0 }
        if given.count == 1 { return given.first }
        // What is wrong with a field that was given is the better answer.
        if !problems.contains(where: { ["agent", "queue", "number"].contains($0.field) }) {
            fail("agent", "exactly one of agent, queue and number must be given")
        }
        return nil
    }
}
