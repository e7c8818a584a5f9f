package import ContactCenter
package import Kernel
package import Replication
import SIP

/// What operators ask a site about itself.
extension SiteMachine {
    /// What the site has on disk.
    package var vector: VersionVector { records.vector }

    /// What each peer said last that it has on disk.
    package var peerVectors: [SiteID: VersionVector] { records.durable }

    /// What operators ask of the records.
    package var recordsStatus: RecordsStatus { records.status }

    /// How many agents' phones are registered here.
    package var phonesRegistered: Int {
        directory.agents.values.count { sip.isRegistered($0.sipUser) }
    }

    /// The legs of calls that are up, and the SIP transactions that are open or still remembered.
    package var telephoneLoad: (legs: Int, transactions: Int) { sip.load }

    /// Whether an agent's phone is registered here, also of one who is not signed in.
    package func isPhoneRegistered(of agent: AgentID) -> Bool {
        directory.agents[agent].map { sip.isRegistered($0.sipUser) } ?? false
    }
}
