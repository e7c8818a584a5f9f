import ContactCenter
import SiteCore
import Synchronization
import WebAPI

/// Where the core says that pages are out of date; the web server is plugged in once it stands.
final class LiveOutlet: Sendable {
    private let hub = Mutex<LiveHub?>(nil)

    func plug(_ hub: LiveHub) {
        self.hub.withLock { $0 = hub }
    }

    func wallChanged() {
        hub.withLock(\.self)?.wallChanged()
    }

    func deskChanged(_ agent: AgentID) {
        hub.withLock(\.self)?.deskChanged(agent)
    }

    func notify(_ notice: SiteNotice, agent: AgentID) {
        let level: NoticeLevel = notice.level == .info ? .info : .warning
        hub.withLock(\.self)?.notify(NoticeResource(level: level, text: notice.text), agent: agent)
    }
}
