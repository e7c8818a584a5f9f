import Calls
import Foundation
import Kernel
import Telephony
import Testing
import Transport

/// What the client believes of rtpengine, held against the real one.
@Suite(
    "Real rtpengine",
    .enabled(if: Rtpengine.isInstalled, "rtpengine is not installed"),
    .timeLimit(.minutes(2)),
    .serialized
)
struct RtpengineTests {
    private enum Party { case caller, first, second }

    /// Everything of one call; confined to the loop.
    private final class Scene {
        let engine: Rtpengine
        let relay: MediaRelay
        let caller: TonePhone, first: TonePhone, second: TonePhone
        var number: UInt64 = 0

        init(on loop: EventLoop, _ events: Mailbox<MediaRelayEvent>) throws {
            let digits = UInt16.random(in: 24_000...24_900)
            engine = try Rtpengine(digits: digits)
            try engine.writeClip("music", value: 8_000, milliseconds: 400)
            try engine.writeClip("welcome", value: -8_000, milliseconds: 300)
            let settings = MediaRelay.Settings(
                relays: [.loopback(port: engine.port)],
                digits: .loopback(port: digits),
                sounds: SoundFolder(engine.folder + "/sounds"),
                pingInterval: .milliseconds(200)
            )
            let taken = Taken()
            relay = try MediaRelay.open(
                settings,
                on: loop,
                archive: { _, ports, done in
                    taken.ports = ports
                    done(.recorded(file: "made"))
                },
                events: { events.put($0) }
            )
            (caller, first, second) = (
                try TonePhone(on: loop, tone: 0x11), try TonePhone(on: loop, tone: 0x22),
                try TonePhone(on: loop, tone: 0x33)
            )
            self.taken = taken
        }

        final class Taken { var ports: [MediaSide: Set<UInt16>] = [:] }
        let taken: Taken

        func phone(_ party: Party) -> TonePhone {
            switch party {
            case .caller: caller
            case .first: first
            case .second: second
            }
        }

        func close() {
            relay.close()
            for phone in [caller, first, second] { phone.close() }
            engine.stop()
        }
    }

    private let session = MediaSession("north-1#7")

    @Test("A caller waits to music, presses a key, talks with one agent and then another, and is recorded")
    func call() async throws {
        try await withLoop { loop in
            let events = Mailbox<MediaRelayEvent>()
            let scene = try await loop.run { LoopBound(try Scene(on: loop, events), on: loop) }
            do {
                #expect(try await events.next() == .health(isUp: true))
                try await self.queue(scene, loop, events)
                try await self.talks(scene, loop, events)
                try await self.recording(scene, loop, events)
                try await self.done(.end, scene, loop, events)
            } catch {
                Issue.record("\(error)")
            }
            try await loop.run { scene.value.close() }
        }
    }

    private func queue(
        _ scene: LoopBound<Scene>,
        _ loop: EventLoop,
        _ events: Mailbox<MediaRelayEvent>
    ) async throws {
        let offer = try await loop.run { scene.value.caller.session }
        let inner = try await described(.offer(from: .outer, session: offer), scene, loop, events)
        let dummy = try #require(QueueSession.answer(to: inner))
        let outer = try await described(.answer(from: .inner, session: dummy), scene, loop, events)
        try await loop.run {
            scene.value.caller.send(to: outer)
            scene.value.first.send(to: inner)
            scene.value.first.target = nil
        }
        let clips = [MediaClip("welcome", language: "en"), MediaClip("music", language: "")]
        let played = try await result(.play(to: .outer, clips: clips, isRepeated: true), scene, loop, events)
        #expect(played == .playing(.milliseconds(700)))
        // Both clips are heard, one after the other and again.
        try await heard(.caller, Self.code(-8_000), 10, scene, loop)
        try await heard(.caller, Self.code(8_000), 10, scene, loop)
        try await loop.run { scene.value.caller.forget() }
        try await heard(.caller, Self.code(-8_000), 10, scene, loop)
        try await loop.run { scene.value.caller.press(1) }
        #expect(try await events.next() == .digit(session, .outer, "1"))
        try await done(.stopPlaying(to: .outer), scene, loop, events)
        // Agents come and go; neither side of the relay moves.
        for party in [Party.first, .second] {
            let answer = try await loop.run { scene.value.phone(party).session }
            let again = try await described(.answer(from: .inner, session: answer), scene, loop, events)
            #expect(Self.port(again) == Self.port(outer))
            try await loop.run {
                scene.value.first.target = nil
                scene.value.phone(party).send(to: inner)
            }
            try await heard(party, 0x11, 5, scene, loop)
            try await heard(.caller, party == .first ? 0x22 : 0x33, 5, scene, loop)
        }
    }

    private func talks(
        _ scene: LoopBound<Scene>,
        _ loop: EventLoop,
        _ events: Mailbox<MediaRelayEvent>
    ) async throws {
        let offer = try await loop.run { scene.value.second.session }
        let offered = try await described(.offer(from: .inner, session: offer), scene, loop, events)
        let port = try await loop.run { scene.value.caller.target?.port }
        #expect(Self.port(offered) == port)
        let answer = try await loop.run { scene.value.caller.session }
        let inner = try await described(.answer(from: .outer, session: answer), scene, loop, events)
        #expect(try await loop.run { scene.value.second.target?.port } == Self.port(inner))
        // Muted, the caller hears silence from the agent; afterwards the agent again.
        try await done(.mute(.inner, true), scene, loop, events)
        try await heard(.caller, 0xff, 5, scene, loop)
        try await done(.mute(.inner, false), scene, loop, events)
        try await loop.run { scene.value.caller.forget() }
        try await heard(.caller, 0x33, 5, scene, loop)
        // A clip takes the agent's place and gives it back at its end.
        let clip = [MediaClip("welcome", language: "zh-hant")]
        let played = try await result(.play(to: .outer, clips: clip, isRepeated: false), scene, loop, events)
        #expect(played == .playing(.milliseconds(300)))
        try await loop.run { scene.value.caller.forget() }
        try await heard(.caller, Self.code(-8_000), 5, scene, loop)
        try await loop.run { scene.value.caller.forget() }
        try await heard(.caller, 0x33, 5, scene, loop)
    }

    private func recording(
        _ scene: LoopBound<Scene>,
        _ loop: EventLoop,
        _ events: Mailbox<MediaRelayEvent>
    ) async throws {
        for _ in 0..<2 {
            try await done(.record, scene, loop, events)
            try await loop.run { scene.value.caller.forget() }
            try await heard(.caller, 0x33, 25, scene, loop)
            try await done(.pauseRecording, scene, loop, events)
            try await loop.run { scene.value.caller.forget() }
            try await heard(.caller, 0x33, 25, scene, loop)
        }
        #expect(try await result(.endRecording, scene, loop, events) == .recorded(file: "made"))
        let (folder, ports) = try await loop.run { (scene.value.engine.folder, scene.value.taken.ports) }
        let maker = RecordingMaker(spool: folder + "/spool")
        var sound: [Int16] = []
        let length = try maker.make(session, ports: ports) { sound += $0 }
        #expect(length == Int64(sound.count / 2))
        // Half a second twice, and half a second of pause between.
        #expect((8_000...24_000).contains(length))
        let left = stride(from: 0, to: sound.count, by: 2).map { sound[$0] }
        let right = stride(from: 1, to: sound.count, by: 2).map { sound[$0] }
        #expect(Set(left) == [0, Self.linear(0x11)] && Set(right) == [0, Self.linear(0x33)])
        let silence = zip(left, right).filter { $0 == 0 && $1 == 0 }.count
        #expect((2_000...8_000).contains(silence))
        maker.removeCaptures(of: session)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/spool/pcaps").isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/spool/metadata").isEmpty)
    }

    // MARK: What the scenes are made of

    private func result(
        _ request: MediaRequest,
        _ scene: LoopBound<Scene>,
        _ loop: EventLoop,
        _ events: Mailbox<MediaRelayEvent>
    ) async throws -> MediaResult {
        let session = session
        let number = try await loop.run {
            scene.value.number += 1
            scene.value.relay.perform(MediaJob(number: scene.value.number, session: session, request: request))
            return scene.value.number
        }
        while true {
            if case .done(number, let result) = try await events.next() { return result }
        }
    }

    private func done(
        _ request: MediaRequest,
        _ scene: LoopBound<Scene>,
        _ loop: EventLoop,
        _ events: Mailbox<MediaRelayEvent>
    ) async throws {
        #expect(try await result(request, scene, loop, events) == .done)
    }

    private func described(
        _ request: MediaRequest,
        _ scene: LoopBound<Scene>,
        _ loop: EventLoop,
        _ events: Mailbox<MediaRelayEvent>
    ) async throws -> [UInt8] {
        let result = try await result(request, scene, loop, events)
        guard case .session(let session) = result else {
            throw TransportError(.system, "\(request) became \(result)")
        }
        return session
    }

    /// Waits until a phone has heard a byte so often.
    private func heard(
        _ party: Party,
        _ byte: UInt8,
        _ count: Int,
        _ scene: LoopBound<Scene>,
        _ loop: EventLoop
    ) async throws {
        while try await loop.run({ scene.value.phone(party).heard[byte, default: 0] }) < count {
            await Task.yield()
        }
    }

    private static func port(_ session: [UInt8]) -> UInt16? {
        String(decoding: session, as: UTF8.self).split(separator: "\r\n").first { $0.hasPrefix("m=audio ") }
            .flatMap { UInt16($0.split(separator: " ")[1]) }
    }

    /// The µ-law byte of a clip's value, and the value of a phone's byte, as ITU-T G.711 has them.
    private static func code(_ value: Int) -> UInt8 { value > 0 ? 0xa0 : 0x20 }
    private static func linear(_ byte: UInt8) -> Int16 { byte == 0x11 ? -15_484 : -3_516 }
}
