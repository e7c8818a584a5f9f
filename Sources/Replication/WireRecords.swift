import Kernel

// Frames about records between the wire and `Frame`'s types.

extension WireHello {
    init(_ hello: Hello) {
        self.init()
        cluster = hello.cluster
        site = hello.site.name
        epoch = hello.epoch
        incarnation = hello.incarnation
        protocolMin = hello.protocolMin
        protocolMax = hello.protocolMax
        vector = hello.vector.wire
        floor = hello.floor.wire
        schema = hello.schema
        membership = hello.membership?.number ?? 0
        lineage = Wire.data(hello.membership?.lineage ?? [])
        stored = hello.stored.wire
    }

    func hello() throws(FrameError) -> Hello {
        let origin = try Wire.origin(site: site, epoch: epoch)
        var hello = Hello(
            cluster: cluster,
            site: origin.site,
            epoch: origin.epoch,
            incarnation: incarnation,
            protocolMin: protocolMin,
            protocolMax: protocolMax,
            vector: try VersionVector(wire: vector),
            floor: try VersionVector(wire: floor),
            schema: schema,
            membership: try DecisionHead(wire: membership, Wire.array(lineage))
        )
        hello.stored = try VersionVector(wire: stored)
        return hello
    }
}

extension DecisionHead {
    /// Reads a head; nil when there is no lineage.
    fileprivate init?(wire number: UInt64, _ lineage: [UInt8]) throws(FrameError) {
        if lineage.isEmpty { return nil }
        guard lineage.count == OpChain.size else { throw .malformed("lineage of \(lineage.count) bytes") }
        self.init(number: number, lineage: lineage)
    }
}

extension WireBeacon {
    init(_ beacon: Beacon) {
        self.init()
        vector = beacon.vector.wire
        clock = beacon.clock.bits
        stored = beacon.stored.wire
        digest = Wire.data(beacon.digest?.bytes ?? [])
        membership = beacon.membership?.number ?? 0
        lineage = Wire.data(beacon.membership?.lineage ?? [])
        floor = beacon.floor.wire
    }

    func beacon() throws(FrameError) -> Beacon {
        let digest = Wire.array(self.digest)
        let root = DocumentHash(bytes: digest)
        guard digest.isEmpty || root != nil else { throw .malformed("digest of \(digest.count) bytes") }
        return Beacon(
            vector: try VersionVector(wire: vector),
            clock: HybridTimestamp(bits: clock),
            stored: try VersionVector(wire: stored),
            digest: root,
            membership: try DecisionHead(wire: membership, Wire.array(lineage)),
            floor: try VersionVector(wire: floor)
        )
    }
}

extension WireOps {
    init(_ batch: OpsBatch) {
        self.init()
        site = batch.origin.site.name
        epoch = batch.origin.epoch
        first = batch.first
        previous = Wire.data(batch.previous)
        bodies = batch.bodies.map(Wire.data)
        catchUp = batch.isCatchUp
    }

    func batch() throws(FrameError) -> OpsBatch {
        guard first > 0, first <= UInt64.max - UInt64(Limits.opsBatchCountMax) else { throw .malformed("first op") }
        guard bodies.count <= Limits.opsBatchCountMax else { throw .malformed("batch of \(bodies.count) ops") }
        // Who has nothing from there on may not have what is before it either.
        guard previous.count == OpChain.size || previous.isEmpty && (first == 1 || bodies.isEmpty) else {
            throw .malformed("chain hash")
        }
        return OpsBatch(
            origin: try Wire.origin(site: site, epoch: epoch),
            first: first,
            previous: Wire.array(previous),
            bodies: bodies.map(Wire.array),
            isCatchUp: catchUp
        )
    }
}

extension WireWant {
    init(_ request: OpsRequest) {
        self.init()
        site = request.origin.site.name
        epoch = request.origin.epoch
        from = request.from
        maxBytes = UInt32(clamping: request.maxBytes)
    }

    func request() throws(FrameError) -> OpsRequest {
        guard from > 0 else { throw .malformed("want from 0") }
        return OpsRequest(
            origin: try Wire.origin(site: site, epoch: epoch),
            from: from,
            maxBytes: min(Int(maxBytes), Limits.opsBatchBytesMax)
        )
    }
}

extension WireRefuse {
    init(_ refusal: Refusal) {
        self.init()
        switch refusal {
        case .otherCluster(let name):
            reason = .otherCluster
            text = name
        case .otherSite(let name):
            reason = .otherSite
            text = name
        case .noCommonProtocol(let min, let max):
            reason = .noCommonProtocol
            protocolMin = min
            protocolMax = max
        case .other(let message):
            reason = .other
            text = message
        }
    }

    func refusal() -> Refusal {
        switch reason {
        case .otherCluster: .otherCluster(text)
        case .otherSite: .otherSite(text)
        case .noCommonProtocol: .noCommonProtocol(min: protocolMin, max: protocolMax)
        case .other, .UNRECOGNIZED: .other(text)
        }
    }
}
