import Kernel

/// Turns frames into bodies and back (protobuf, `Protobuf/frames.proto`).
package enum FrameCodec {
    /// The frame's body.
    package static func encode(_ frame: Frame) -> [UInt8] {
        var wire = WireFrame()
        switch frame {
        case .hello(let hello): wire.hello = WireHello(hello)
        case .beacon(let beacon): wire.beacon = WireBeacon(beacon)
        case .ops(let batch): wire.ops = WireOps(batch)
        case .want(let request): wire.want = WireWant(request)
        case .presence(let update): wire.presence = WirePresence(update)
        case .presenceWant(let site): wire.presenceWant.site = site.name
        case .digest(let digest): wire.digest = WireDigest(digest)
        case .heartbeat(let heartbeat): wire.heartbeat = WireHeartbeat(heartbeat)
        case .message(let message): wire.message = WireSiteMessage(message)
        case .ack(let dots): wire.ack.dots = dots.map(WireDot.init)
        case .transfer(let bytes): wire.transfer = Wire.data(bytes)
        case .decision(let message): wire.decision = Wire.data(DecisionCodec.encode(message))
        case .blob(let bytes): wire.blob = Wire.data(bytes)
        case .recording(let bytes): wire.recording = Wire.data(bytes)
        case .presenceDelta(let delta): wire.presenceDelta = Wire.data(PresenceDeltaCodec.encode(delta))
        case .probe(let probe): wire.probe = WireProbe(probe)
        case .refuse(let refusal): wire.refuse = WireRefuse(refusal)
        case .unknown: break
        }
        return Wire.bytes(wire)
    }

    /// The frame of a body; throws when the bytes mean nothing or break a bound.
    package static func decode(_ body: [UInt8]) throws(FrameError) -> Frame {
        let wire: WireFrame = try Wire.message(body, "frame")
        return switch wire.kind {
        case .hello(let hello): .hello(try hello.hello())
        case .beacon(let beacon): .beacon(try beacon.beacon())
        case .ops(let ops): .ops(try ops.batch())
        case .want(let want): .want(try want.request())
        case .presence(let presence): .presence(try presence.update())
        case .presenceWant(let want): .presenceWant(try Wire.site(want.site))
        case .digest(let digest): .digest(try digest.digest())
        case .heartbeat(let heartbeat): .heartbeat(try heartbeat.heartbeat())
        case .message(let message): .message(try message.message())
        case .ack(let ack): .ack(try VersionVector(wire: ack.dots).heads)
        case .transfer(let bytes): .transfer(Wire.array(bytes))
        case .decision(let bytes): .decision(try DecisionCodec.decode(Wire.array(bytes)))
        case .blob(let bytes): .blob(Wire.array(bytes))
        case .recording(let bytes): .recording(Wire.array(bytes))
        case .presenceDelta(let bytes): .presenceDelta(try PresenceDeltaCodec.decode(Wire.array(bytes)))
        case .probe(let probe): try probe.probe().map { .probe($0) } ?? .unknown
        case .refuse(let refusal): .refuse(refusal.refusal())
        case nil: .unknown
        }
    }
}
