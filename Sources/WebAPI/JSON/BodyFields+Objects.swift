import Kernel

// Fields that hold objects, such as the steps of a queue.
extension BodyFields {
    /// A list of objects, each taken by `take`; what is wrong with one is told as `name[index].field`.
    mutating func objects<T>(_ name: String, max: Int, _ take: (inout BodyFields) -> T?) -> Patch<[T]> {
        let items: Patch<[JSONValue]> = read(name, expected: "a list of objects") {
            if case .array(let items) = $0 { items } else { nil }
        }
        guard let values = items.value else { return items.isCleared ? .cleared : .absent }
        guard values.count <= max else {
            fail(name, "has more than \(max) items")
            return .absent
        }
        return .value(values.enumerated().compactMap { within("\(name)[\($0.offset)]", $0.element, take) })
    }

    /// One object.
    mutating func object<T>(_ name: String, _ take: (inout BodyFields) -> T?) -> Patch<T> {
        let given: Patch<JSONValue> = read(name, expected: "an object") { $0 }
        guard let value = given.value else { return given.isCleared ? .cleared : .absent }
        return within(name, value, take).map { .value($0) } ?? .absent
    }
}
