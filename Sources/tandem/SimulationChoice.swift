import ArgumentParser

/// What the options of all simulators mean alike.
enum SimulationChoice {
    /// The seeds to run: those of `--seeds FIRST..LAST`, or the one of `--seed`, or 1.
    static func seeds(_ seed: UInt64?, _ seeds: String?) throws -> ClosedRange<UInt64> {
        guard let seeds else { return (seed ?? 1)...(seed ?? 1) }
        let ends = seeds.split(separator: "..", omittingEmptySubsequences: false).map { UInt64($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last, last - first < 1_000_000 else {
            throw ValidationError("--seeds must be FIRST..LAST, with at most a million seeds.")
        }
        return first...last
    }

    /// The faults of `--faults A,B`; none for `none`, nil when the option is not given.
    static func faults<Fault: RawRepresentable & CaseIterable & Hashable>(
        _ list: String?,
        of kind: Fault.Type
    ) throws -> Set<Fault>? where Fault.RawValue == String {
        guard let list else { return nil }
        if list == "none" { return [] }
        return try Set(
            list.split(separator: ",").map { name in
                guard let fault = Fault(rawValue: String(name)) else {
                    let known = Fault.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("There is no fault '\(name)'; there are \(known).")
                }
                return fault
            }
        )
    }
}
