import ContactCenter
import Kernel
import Testing

@Suite("Who may hear recordings")
struct RecordingRuleTests {
    private let north = SiteID("north"), south = SiteID("south"), east = SiteID("east")

    private func rule() throws -> RecordingRule {
        let sites = Set([try #require(north), try #require(south)])
        return RecordingRule(tookPart: [AgentID("anna"), AgentID("carl")], sites: sites)
    }

    @Test("Every agent who took part hears it, whoever had the call last; no other agent does")
    func agents() throws {
        let rule = try rule()
        for agent in ["anna", "carl"] { #expect(rule.admits(.agent, agent: AgentID(agent), lookingAfter: [])) }
        #expect(!rule.admits(.agent, agent: AgentID("bob"), lookingAfter: []))
        #expect(!rule.admits(.agent, agent: nil, lookingAfter: []))
        #expect(!RecordingRule(tookPart: [], sites: []).admits(.agent, agent: AgentID("bob"), lookingAfter: []))
    }

    @Test("Supervisors hear what their sites had to do with, and all when they look after all; administrators hear all")
    func supervisors() throws {
        let rule = try rule()
        let north = try #require(north), east = try #require(east)
        #expect(rule.admits(.supervisor, agent: nil, lookingAfter: []))
        #expect(rule.admits(.supervisor, agent: nil, lookingAfter: [north, east]))
        #expect(!rule.admits(.supervisor, agent: nil, lookingAfter: [east]))
        #expect(rule.admits(.supervisor, agent: AgentID("anna"), lookingAfter: [east]), "her own call")
        #expect(rule.admits(.administrator, agent: nil, lookingAfter: [east]))
    }

    @Test("A ticket's line keeps all who took part where there were several, and reads older lines")
    func ticketLine() {
        let two = TicketContact(
            contact: ContactID("n-1-1"),
            agent: AgentID("carl"),
            agents: [AgentID("anna"), AgentID("carl")],
            outcome: .answered
        )
        #expect(TicketContact(two.value) == two)
        let one = TicketContact(contact: ContactID("n-1-1"), agent: AgentID("carl"), agents: [AgentID("carl")])
        #expect(one.agents.isEmpty && one.value.list?.count == 7, "as nodes wrote it that knew of one only")
        #expect(TicketContact(one.value) == one)
    }
}
