import Foundation
import Yams

/// A day to be planned, as its YAML file describes it (`tandem plan outage --scenario FILE`).
///
/// Times of day are seconds from midnight, spans are seconds. `cluster-config/plan-example.yaml` shows every key.
package struct PlanFile: Hashable, Sendable {
    /// Agents who come and go together.
    package struct Shift: Hashable, Sendable {
        /// How many.
        package var agents: Int
        /// When they begin.
        package var from: Int
        /// When they stop.
        package var to: Int
    }

    /// Calls expected at a steady rate for a while.
    package struct Calls: Hashable, Sendable {
        /// Calls an hour.
        package var perHour: Int
        /// From when.
        package var from: Int
        /// Until when.
        package var to: Int
    }

    /// One site.
    package struct Site: Hashable, Sendable {
        /// Its name.
        package var name: String
        /// Who works there.
        package var shifts: [Shift]
        /// Who calls there.
        package var calls: [Calls]
    }

    /// A site that is lost.
    package struct Loss: Hashable, Sendable {
        /// Which.
        package var site: String
        /// When.
        package var at: Int
        /// After how many seconds its agents work elsewhere; nil: they are gone.
        package var reconnectAfter: Int?
    }

    /// When the day begins.
    package var from: Int
    /// When calls stop.
    package var to: Int
    /// Mean handling time.
    package var handling: Int
    /// Standard deviation of the handling time; nil: exponential.
    package var deviation: Int?
    /// Mean patience; nil: nobody hangs up.
    package var patience: Int?
    /// The target, in percent.
    package var targetPercent: Int
    /// Within how many seconds.
    package var targetSeconds: Int
    /// Milliseconds from site to site, one way.
    package var latency: Int
    /// The sites.
    package var sites: [Site]
    /// The site that is lost, if the file names one.
    package var loss: Loss?
}

extension PlanFile {
    /// Reads a file; throws `ConfigurationError` with every problem and its line.
    package static func load(path: String) throws -> PlanFile {
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            throw ConfigurationError(problems: [
                .init(source: path, line: nil, message: "cannot be read; does it exist, and is it UTF-8 text?")
            ])
        }
        let problems = ConfigurationReader.Problems()
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw ConfigurationError(problems: [.init(source: path, line: nil, message: "is not valid YAML: \(error)")])
        }
        let reader = ConfigurationReader(file: path, path: [], node: root, environment: [:], problems: problems)
        let plan = read(reader)
        reader.finish()
        guard problems.found.isEmpty else {
            throw ConfigurationError(problems: problems.found.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
        }
        return plan
    }

    private static func read(_ reader: ConfigurationReader) -> PlanFile {
        let day = reader.section("day")
        let target = day.section("target")
        var plan = PlanFile(
            from: time(day, "from", default: 8 * 3_600),
            to: time(day, "to", default: 18 * 3_600),
            handling: day.integer("handling", in: 1...36_000),
            deviation: optional(day, "deviation", in: 1...36_000),
            patience: optional(day, "patience", in: 1...36_000),
            targetPercent: target.integer("percent", in: 1...100, default: 80),
            targetSeconds: target.integer("seconds", in: 0...86_400, default: 20),
            latency: day.integer("latency", in: 0...1_000, default: 20),
            sites: [],
            loss: nil
        )
        target.finish()
        day.finish()
        for site in reader.list("sites") {
            plan.sites.append(
                Site(
                    name: site.string("name"),
                    shifts: site.list("shifts").map { shift in
                        defer { shift.finish() }
                        return Shift(
                            agents: shift.integer("agents", in: 0...100_000),
                            from: time(shift, "from", default: plan.from),
                            to: time(shift, "to", default: plan.to)
                        )
                    },
                    calls: site.list("calls").map { calls in
                        defer { calls.finish() }
                        return Calls(
                            perHour: calls.integer("perHour", in: 0...1_000_000),
                            from: time(calls, "from", default: plan.from),
                            to: time(calls, "to", default: plan.to)
                        )
                    }
                )
            )
            site.finish()
        }
        plan.loss = loss(reader.section("lose"))
        return plan
    }

    private static func loss(_ reader: ConfigurationReader) -> Loss? {
        defer { reader.finish() }
        let after = optional(reader, "reconnectAfter", in: 0...86_400)
        let at = time(reader, "at", default: 0)
        return reader.optionalString("site").map { Loss(site: $0, at: at, reconnectAfter: after) }
    }

    private static func optional(_ reader: ConfigurationReader, _ key: String, in range: ClosedRange<Int>) -> Int? {
        reader.optionalString(key) == nil ? nil : reader.integer(key, in: range)
    }

    private static func time(_ reader: ConfigurationReader, _ key: String, default fallback: Int) -> Int {
        guard let text = reader.optionalString(key) else { return fallback }
        guard let seconds = timeOfDay(text) else {
            reader.reject(key, "is '\(text)'; it must be a time of day from 00:00 to 24:00")
            return fallback
        }
        return seconds
    }

    /// Reads `08:30` as seconds from midnight; nil for anything else.
    package static func timeOfDay(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { part in
            part.count <= 2 && part.allSatisfy(\.isASCII) ? UInt8(part) : nil
        }
        guard parts.count == 2, let hours = parts[0], let minutes = parts[1], hours <= 24, minutes < 60,
            hours < 24 || minutes == 0
        else { return nil }
        return Int(hours) * 3_600 + Int(minutes) * 60
    }
}
