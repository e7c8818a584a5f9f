import Kernel
import Synchronization

/// What the web server counts about itself, for Prometheus.
final class ServerCounters: Sendable {
    private struct Request: Hashable {
        var method: String
        var status: Int
    }

    /// How a try to sign in ended.
    enum SignIn: String, CaseIterable {
        case accepted, refused, throttled
    }

    private struct State {
        var requests: [Request: UInt64] = [:]
        var signIns: [SignIn: UInt64] = [:]
    }

    private let state = Mutex(State())

    /// Counts an answer.
    ///
    /// Invented methods share one label, so that nobody can fill the table.
    func answered(method: String, status: Int) {
        let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(method)
        state.withLock { $0.requests[Request(method: known ? method : "other", status: status), default: 0] += 1 }
    }

    /// Counts a try to sign in.
    func signedIn(_ result: SignIn) {
        state.withLock { $0.signIns[result, default: 0] += 1 }
    }

    /// The figures.
    func families() -> [MetricFamily] {
        let state = state.withLock { $0 }
        let requests = state.requests.map { request, count in
            MetricFamily.Sample(
                Double(count),
                labels: ["method": request.method, "status": String(request.status)]
            )
        }
        let signIns = SignIn.allCases.map { result in
            MetricFamily.Sample(Double(state.signIns[result] ?? 0), labels: ["result": result.rawValue])
        }
        return [
            MetricFamily(
                "tandem_http_requests_total",
                help: "HTTP requests answered.",
                kind: .counter,
                samples: requests
            ),
            MetricFamily("tandem_sign_ins_total", help: "Tries to sign in.", kind: .counter, samples: signIns),
        ]
    }
}
