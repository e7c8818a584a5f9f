package import Kernel

/// The order in which the hosts of a service are tried (RFC 2782).
package enum ServiceOrder {
    /// One host of a service.
    package struct Host: Hashable, Sendable {
        /// Lower ones come first.
        package var priority: UInt16
        /// Its share among those of the same priority.
        package var weight: UInt16
        /// Where it serves.
        package var port: UInt16
        /// Its name.
        package var name: String

        /// Makes a host.
        package init(priority: UInt16, weight: UInt16, port: UInt16, name: String) {
            self.priority = priority
            self.weight = weight
            self.port = port
            self.name = name
        }
    }

    /// Puts hosts in order: by priority, and within one by chance, in proportion to the weights.
    package static func order(_ hosts: [Host], random: inout SeededRandom) -> [Host] {
        var ordered: [Host] = []
        for priority in Set(hosts.map(\.priority)).sorted() {
            // Those without weight stand first, so that they have a small chance at all.
            var left = hosts.filter { $0.priority == priority }
                .sorted { ($0.weight, $0.name, $0.port) < ($1.weight, $1.name, $1.port) }
            while !left.isEmpty {
                let sum = left.reduce(0) { $0 + Int($1.weight) }
                let drawn = Int.random(in: 0...sum, using: &random)
                var running = 0
                let index = left.firstIndex { host in
                    running += Int(host.weight)
                    return running >= drawn
                }
                ordered.append(left.remove(at: index ?? 0))
            }
        }
        return ordered
    }
}
