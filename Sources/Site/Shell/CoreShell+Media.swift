import Calls
import Kernel
import Logging
import SiteCore
import Telephony
import Transport

extension CoreShell {
    /// Hands a job to the media relays; without one it fails at once.
    func perform(_ job: MediaJob) {
        if let media { return media.perform(job) }
        let shell = self
        tools.loop.schedule { shell.handle(.mediaDone(job.number, .failed("no media relay is configured"))) }
    }

    /// Takes what happens at the media relays.
    func mediaChanged(_ event: MediaRelayEvent) {
        switch event {
        case .done(let number, let result):
            if case .failed(let reason) = result {
                tools.logger.warning("media.failed", metadata: ["job": "\(number)", "reason": "\(reason)"])
            }
            handle(.mediaDone(number, result))
        case .digit(let session, let side, let digit): handle(.mediaDigit(session, side, digit))
        case .health(let isUp):
            tools.logger.notice("media.relay", metadata: ["state": isUp ? "up" : "down"])
            handle(.mediaRelay(isUp: isUp))
        case .lost(let sessions): handle(.mediaLost(sessions))
        case .mixer(let isUp): handle(.mixer(isUp: isUp))
        }
    }
}
