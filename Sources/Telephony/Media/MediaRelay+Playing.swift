import Calls
import Kernel
import Transport

/// Clips: the relay plays one file at a time, so the next is begun when the one before it must be over.
extension MediaRelay {
    /// Finds the clips and begins with the first; `playing` tells how long they last once through.
    func play(
        _ clips: [MediaClip],
        to side: MediaSide,
        _ isRepeated: Bool,
        _ job: MediaJob,
        _ state: MediaSessionState
    ) {
        let sounds = clips.prefix(Limits.clipsMax).compactMap { settings.sounds.sound($0) }
        stopPlayer(of: side, in: state)
        guard let first = sounds.first else {
            let names = clips.prefix(3).map { "\($0.name) (\($0.language))" }.joined(separator: ", ")
            return loop.schedule { [self] in
                finish(job, .failed(clips.isEmpty ? "no clip is named" : "no such clip: \(names)"), in: state)
            }
        }
        let player = MediaPlayer(Array(sounds), isRepeated: isRepeated)
        let isLoop = isRepeated && sounds.count == 1
        // Without the block the other party would be heard as a second stream beside the clip.
        let block = state.isAnswered ? [RelayCommand.block(state.session, side.other, true)] : []
        let start = RelayCommand.play(state.session, to: side, file: first.path, isRepeated: isLoop)
        ask(block + [start], state) { [self] problem in
            if let problem { return finish(job, .failed(problem), in: state) }
            state.players[side] = player
            player.next = 1
            if !isLoop { armPlayer(player, of: side, after: first.length, in: state) }
            finish(job, .playing(player.length), in: state)
        }
    }

    /// Forgets what a side hears; the relay is not told.
    func stopPlayer(of side: MediaSide, in state: MediaSessionState) {
        state.players.removeValue(forKey: side)?.timer?.close()
    }

    /// What lets a side hear the other again.
    func unblock(_ side: MediaSide, _ state: MediaSessionState) -> [Bencode] {
        state.isAnswered ? [RelayCommand.block(state.session, side.other, false)] : []
    }

    private func armPlayer(_ player: MediaPlayer, of side: MediaSide, after span: Span, in state: MediaSessionState) {
        if player.timer == nil {
            player.timer = try? LoopTimer.make(on: loop) { [weak self, weak player, weak state] in
                if let self, let player, let state { self.goOn(player, of: side, in: state) }
            }
        }
        player.timer?.arm(after: span)
    }

    /// Begins the next clip, or lets the side hear the other again after the last.
    private func goOn(_ player: MediaPlayer, of side: MediaSide, in state: MediaSessionState) {
        guard state.players[side] === player, !isClosed else { return }
        if player.next == player.sounds.count, player.isRepeated { player.next = 0 }
        guard player.next < player.sounds.count else {
            stopPlayer(of: side, in: state)
            return ask(unblock(side, state), state) { _ in }
        }
        let sound = player.sounds[player.next]
        player.next += 1
        // A clip of no length must not turn this into a storm of requests.
        armPlayer(player, of: side, after: max(sound.length, .milliseconds(20)), in: state)
        ask([RelayCommand.play(state.session, to: side, file: sound.path, isRepeated: false)], state) { _ in }
    }
}
