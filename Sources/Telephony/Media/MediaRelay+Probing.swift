import Calls
import Kernel

/// Whether relays still have their sessions: one that was killed and started again at once answers every ping.
extension MediaRelay {
    /// Asks a relay for one of its sessions, each in its turn; when it has forgotten that one, for the next at once.
    ///
    /// So a relay that was started anew is found out with the first question, and all that it lost with as many
    /// questions, one after the other.
    func probe(_ index: Int) {
        guard relays[index].isUp, let state = nextInLine(index) else { return }
        let session = state.session
        client.ask(RelayCommand.query(session), of: relays[index].address) { [weak self, weak state] answer in
            guard let self, let state, !self.isClosed, !state.isEnding else { return }
            guard self.sessions[session] === state else { return }
            guard case .refused(let reason) = answer, reason.contains("nknown call") else {
                return self.relays[index].line.append(session)
            }
            self.tell(.lost([session]))
            self.probe(index)
        }
    }

    /// The next session that the relay must know; those that are over fall out of the line.
    private func nextInLine(_ index: Int) -> MediaSessionState? {
        var passed = 0
        while relays[index].looked < relays[index].line.count, passed < Limits.relayProbesPassedMax {
            let session = relays[index].line[relays[index].looked]
            relays[index].looked += 1
            passed += 1
            if relays[index].looked > 256, relays[index].looked * 2 > relays[index].line.count {
                relays[index].line.removeFirst(relays[index].looked)
                relays[index].looked = 0
            }
            guard let state = sessions[session], state.relay == index, !state.isEnding else { continue }
            if !state.ports.isEmpty { return state }
            // Its first offer is on its way.
            relays[index].line.append(session)
            return nil
        }
        return nil
    }
}
