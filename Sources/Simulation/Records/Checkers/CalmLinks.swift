import Kernel

/// Sites do not talk without end: frames a second and direction stay below a bound, a low one at rest.
struct CalmLinks: RecordsChecker {
    let name = "calm links"

    mutating func eachSecond(_ world: RecordsWorld) -> String? {
        for link in world.links {
            for (place, way) in link.ways.enumerated() {
                let bound = world.isAtRest ? Limits.simulatedFramesAtRestMax : Limits.simulatedFramesMax
                guard way.framesThisSecond > bound else { continue }
                let from = world.sites[place == 0 ? link.low : link.high].id
                let to = world.sites[place == 0 ? link.high : link.low].id
                return "\(from) sent \(way.framesThisSecond) frames to \(to) in a second"
            }
        }
        return nil
    }
}
