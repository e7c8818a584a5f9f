import Kernel
import Transport

/// All rooms with their parties' ports; confined to the loop.
final class MixerRooms {
    private final class Place {
        var room: MixerRoom
        var sockets: [String: UDPSocket] = [:]

        init(_ room: MixerRoom) {
            self.room = room
        }
    }

    private let loop: EventLoop
    private let settings: MixerSettings
    private var places: [String: Place] = [:]
    private var random: SeededRandom
    private var nextPort: UInt16

    init(_ settings: MixerSettings, on loop: EventLoop, random: SeededRandom) {
        self.settings = settings
        self.loop = loop
        self.random = random
        nextPort = settings.ports.lowerBound
    }

    var roomCount: Int { places.count }
    var partyCount: Int { places.values.reduce(0) { $0 + $1.sockets.count } }

    /// Asks rooms to stay.
    func keep(_ rooms: [String]) {
        for name in rooms { places[name]?.room.keep(at: loop.now.instant) }
    }

    /// The port of a party, which is let in if it is not there yet.
    func open(_ name: String, _ party: String) throws(MixerProblem) -> SocketAddress {
        let now = loop.now.instant
        if let socket = places[name]?.sockets[party] { return socket.localAddress }
        guard places[name] != nil || places.count < Limits.mixerRoomsMax else {
            throw MixerProblem("the mixer has no more rooms")
        }
        let place = places[name] ?? Place(MixerRoom(random: random.split(), at: now))
        guard !place.room.isFull else { throw MixerProblem("the room is full") }
        let socket = try bind { [weak self, weak place] bytes, sender in
            guard let self, let place else { return }
            let outgoing = place.room.receive(bytes, at: party, from: sender, at: self.loop.now.instant)
            self.send(outgoing, from: place)
        }
        places[name] = place
        place.room.open(party)
        place.room.keep(at: now)
        place.sockets[party] = socket
        return socket.localAddress
    }

    func take(_ name: String, _ party: String, _ session: MixerSession) throws(MixerProblem) {
        guard try place(name).room.take(session, of: party, at: loop.now.instant) else {
            throw MixerProblem("the room has no such party")
        }
    }

    func hear(_ name: String, _ hearing: [String: [String]]) throws(MixerProblem) {
        try place(name).room.setHearing(hearing)
    }

    /// Lets a party go; a room without parties is over.
    func close(_ name: String, _ party: String) {
        guard let place = places[name] else { return }
        place.room.close(party)
        place.sockets.removeValue(forKey: party)?.close()
        if place.sockets.isEmpty { places[name] = nil }
    }

    func end(_ name: String) {
        guard let place = places.removeValue(forKey: name) else { return }
        for socket in place.sockets.values { socket.close() }
    }

    func endAll() {
        for name in places.keys.sorted() { end(name) }
    }

    /// 20 ms have passed in all rooms.
    func tick() {
        for place in places.values { send(place.room.tick(), from: place) }
    }

    /// So many ticks were missed in all rooms.
    func skip(_ ticks: Int) {
        for place in places.values { place.room.skip(ticks) }
    }

    /// Ends rooms that nobody needs any more, and returns their names.
    func endIdle() -> [String] {
        let now = loop.now.instant
        let idle = places.filter { $0.value.room.isIdle(at: now) }.keys.sorted()
        for name in idle { end(name) }
        return idle
    }

    private func place(_ name: String) throws(MixerProblem) -> Place {
        guard let place = places[name] else { throw MixerProblem("the mixer has no such room") }
        return place
    }

    private func send(_ outgoing: [MixerRoom.Outgoing], from place: Place) {
        for packet in outgoing { place.sockets[packet.party]?.send(packet.bytes, to: packet.address) }
    }

    /// Takes the next even port that is free; ports go round, so that late packets of a call meet no other soon.
    private func bind(
        _ receive: @escaping ([UInt8], SocketAddress) -> Void
    ) throws(MixerProblem) -> UDPSocket {
        let first = Int(settings.ports.lowerBound) + Int(settings.ports.lowerBound % 2)
        let count = (Int(settings.ports.upperBound) - first) / 2 + 1
        guard first <= Int(settings.ports.upperBound) else { throw MixerProblem("the mixer has no ports") }
        for _ in 0..<count {
            let port = max(Int(nextPort) + Int(nextPort % 2), first)
            let chosen = port > Int(settings.ports.upperBound) ? first : port
            nextPort = chosen + 2 > Int(settings.ports.upperBound) ? UInt16(first) : UInt16(chosen + 2)
            var address = settings.media
            address.port = UInt16(chosen)
            if let socket = try? UDPSocket.bind(on: loop, to: address, receive: receive) { return socket }
        }
        throw MixerProblem("all the mixer's ports are taken")
    }
}
