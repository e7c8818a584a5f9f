import ArgumentParser
import Foundation
import Kernel
import Mixer
import Transport
import UnixSignals

/// `tandem mixer`.
struct MixerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mixer",
        abstract: "Mix calls of more than two, and supervisors who listen, until asked to stop.",
        discussion: """
            Runs beside a site's node, which asks it as its file says (media.mixer). Voices never pass the node. \
            G.711 only. Whoever may ask may listen to calls, so it is asked from this machine only.

            SIGTERM or Ctrl-C stops it; calls of two go on, those that it mixes are silent from then on.

            Example: tandem mixer --listen 127.0.0.1:2225 --media 192.0.2.10 --ports 31000-31999
            """
    )

    @Option(help: "Where the node asks it: an address of this machine only, and a port.")
    var listen = "127.0.0.1:2225"
    @Option(help: "The address of this machine at which phones send.")
    var media = "127.0.0.1"
    @Option(help: "UDP ports for phones; each takes an even one.")
    var ports = "31000-31999"

    func run() async throws {
        try await reporting {
            let settings = try settings()
            do {
                let loop = try EventLoop(name: "mixer")
                let random = SeededRandom(seed: UInt64.random(in: .min ... .max))
                let mixer = try await loop.run {
                    LoopBound(try MixerServer.open(settings, on: loop, random: random), on: loop)
                }
                Terminal.error("Mixing at \(media), ports \(ports), asked at \(settings.control).")
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { break }
                let figures = try await loop.run { mixer.value.figures }
                try await loop.run { mixer.value.close() }
                await loop.stop()
                Terminal.error(
                    "Stopped with \(figures.rooms) rooms open; \(figures.ticksMissed) of \(figures.ticks) ticks missed."
                )
            } catch let error as TransportError {
                throw CommandFailure(code: .failed, message: "The mixer cannot run: \(error)")
            }
        }
    }

    private func settings() throws -> MixerSettings {
        let parts = listen.split(separator: ":")
        guard let last = parts.last, let port = UInt16(last),
            let control = SocketAddress(
                host: listen.dropLast(last.count + 1).trimmingCharacters(in: CharacterSet(charactersIn: "[]")),
                port: port
            ), control.isLoopback
        else {
            throw CommandFailure(
                code: .configuration,
                message: "--listen must be an address that only this machine reaches, and a port: 127.0.0.1:2225."
            )
        }
        guard let address = SocketAddress(host: media, port: 0), !["0.0.0.0", "::"].contains(address.host) else {
            throw CommandFailure(code: .configuration, message: "--media must be one numeric address of this machine.")
        }
        let ends = ports.split(separator: "-").compactMap { UInt16($0) }
        guard ends.count == 2, ends[0] >= 1_024, ends[0] < ends[1] else {
            throw CommandFailure(
                code: .configuration,
                message: "--ports must be two ports above 1023, the smaller first: 31000-31999."
            )
        }
        return MixerSettings(control: control, media: address, ports: ends[0]...ends[1])
    }
}
