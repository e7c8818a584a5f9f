import Foundation

/// The agents' desks of a load run: signs everybody in and back to work after a missed call or a restart.
struct LoadDesks: Sendable {
    let sites: [LoadSite]
    let agents: Int
    let password: String

    private struct Desk: Decodable {
        struct Agent: Decodable {
            var state: String
            var phone: String
        }
        var agent: Agent
    }

    /// Looks after all desks until it is cancelled, and signs them out then.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for site in sites {
                for name in site.agentNames(agents) {
                    group.addTask { await lookAfter(name, at: site) }
                }
            }
        }
    }

    private func lookAfter(_ name: String, at site: LoadSite) async {
        var client: APIClient?
        while !Task.isCancelled {
            do {
                if client == nil { client = try await signIn(name, at: site) }
                if let client { try await tend(client) }
            } catch let problem as APIProblem where problem.status == 401 {
                client = nil  // the session has ended: sign in anew
            } catch {
                client = nil  // the site is away; it is asked again in a moment
            }
            try? await Task.sleep(for: .seconds(2))
        }
        if let client { try? await order(client, "sign-out") }
    }

    private func signIn(_ name: String, at site: LoadSite) async throws -> APIClient {
        try await APIClient(url: site.url).signedIn(login: name, password: password)
    }

    /// A break that a person chose at the desk is left alone.
    private func tend(_ client: APIClient) async throws {
        let data = try await client.send("GET", "/api/v1/desk")
        let agent = try JSONDecoder().decode(Desk.self, from: data).agent
        guard agent.phone == "registered" || agent.state == "loggedOut" else { return }
        switch agent.state {
        case "loggedOut":
            try await order(client, "sign-in")
            try await ready(client)
        case "notResponding":
            try await ready(client)
        default: break
        }
    }

    private func ready(_ client: APIClient) async throws {
        try await order(client, "state", #"{"state":"ready"}"#)
    }

    private func order(_ client: APIClient, _ name: String, _ body: String = "{}") async throws {
        _ = try await client.send("POST", "/api/v1/desk/\(name)", body: Data(body.utf8), type: "application/json")
    }
}
