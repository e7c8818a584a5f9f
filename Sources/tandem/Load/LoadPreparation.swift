import Foundation

/// Makes what a load run needs through the API: queues, agents, accounts.
struct LoadPreparation {
    let sites: [LoadSite]
    let agents: Int
    let passwords: Passwords

    private struct Queue: Encodable {
        var name: String
        var numbers: [String]
        var requiredSkills: [String]
        var serviceLevelSeconds = 20
        var ringSeconds = 12
        var wrapUpSeconds = 6
        var strategy = "leastHandlingTime"
        var priority = 0
        var affinitySeconds = 0
    }

    private struct Agent: Encodable {
        var name: String
        var site: String
        var tier: String
        var skills: [String]
        var sipUser: String
        var sipPassword: String
        var password: String
        var active = true
    }

    /// Makes or updates everything through the first site; the others have it a moment later.
    func run() async throws {
        let client = try await APIClient(url: sites[0].url)
            .signedIn(login: passwords.login, password: passwords.administrator)
        try await put(
            client,
            "queues/support",
            Queue(name: "Support", numbers: ["1000"], requiredSkills: ["support:1"])
        )
        try await put(client, "queues/sales", Queue(name: "Sales", numbers: ["2000"], requiredSkills: ["sales:1"]))
        let tiers = ["consultant", "intermediate", "senior"]
        var done = 0
        for site in sites {
            let names = site.agentNames(agents) + (site.name == sites[0].name ? ["guest"] : [])
            for (index, name) in names.enumerated() {
                let agent = Agent(
                    name: name.capitalized.replacing("-", with: " "),
                    site: site.name,
                    tier: tiers[index % tiers.count],
                    skills: ["support:\(index % 3 + 1)", "sales:\((index + 1) % 3 + 1)"],
                    sipUser: name,
                    sipPassword: passwords.agent,
                    password: passwords.agent
                )
                try await put(client, "agents/\(name)", agent)
                done += 1
                Terminal.progress("Preparing agents: \(done)")
            }
        }
        Terminal.endProgress()
    }

    private func put(_ client: APIClient, _ path: String, _ body: some Encodable & Sendable) async throws {
        let data = try JSONEncoder().encode(body)
        _ = try await client.send("PUT", "/api/v1/\(path)", body: data, type: "application/json")
    }
}
