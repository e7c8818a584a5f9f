import Kernel

// Names between the wire and the kernel. Reading checks everything that the kernel's types take for granted.

extension WireDot {
    init(_ dot: Dot) {
        self.init()
        site = dot.origin.site.name
        epoch = dot.origin.epoch
        sequence = dot.sequence
    }

    func dot() throws(FrameError) -> Dot {
        Dot(origin: try Wire.origin(site: site, epoch: epoch), sequence: sequence)
    }
}

extension VersionVector {
    var wire: [WireDot] { heads.map(WireDot.init) }

    init(wire dots: [WireDot]) throws(FrameError) {
        guard dots.count <= Limits.originsMax else { throw .malformed("version vector of \(dots.count) origins") }
        self.init()
        for dot in dots { include(try dot.dot()) }
    }
}

extension Span {
    /// For the wire: never negative.
    var wire: UInt64 { UInt64(max(milliseconds, 0)) }
}
