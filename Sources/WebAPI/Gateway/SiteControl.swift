/// Tells of the site itself, and steers it.
package protocol SiteControl: Sendable {
    /// All sites of the cluster, this one first.
    func sites() async throws -> [SiteResource]
    /// How this site does. The count of event streams is filled in by the web server.
    func status() async throws -> SiteStatusResource
    /// Whether this site can serve.
    func readiness() async -> ReadinessResource
    /// Figures for Prometheus; the web server adds its own.
    func metrics() async -> [MetricFamily]
    /// Cuts the direct link to a peer for a drill, or joins it again.
    func setLink(to peer: String, cut: Bool) async throws
}

/// A figure with its samples, as Prometheus knows them.
package struct MetricFamily: Hashable, Sendable {
    /// What a figure does over time.
    package enum Kind: String, Hashable, Sendable {
        /// Only grows, but for restarts.
        case counter
        /// Goes up and down.
        case gauge
    }

    /// One value.
    package struct Sample: Hashable, Sendable {
        /// Names and values that tell samples apart.
        package var labels: [String: String]
        /// The value.
        package var value: Double

        /// Makes a sample.
        package init(_ value: Double, labels: [String: String] = [:]) {
            self.value = value
            self.labels = labels
        }
    }

    /// The name, `tandem_…`, with its unit; counters end in `_total`.
    package var name: String
    /// What it counts, for people.
    package var help: String
    /// What it does over time.
    package var kind: Kind
    /// Its samples.
    package var samples: [Sample]

    /// Makes a family.
    package init(_ name: String, help: String, kind: Kind, samples: [Sample]) {
        self.name = name
        self.help = help
        self.kind = kind
        self.samples = samples
    }
}
