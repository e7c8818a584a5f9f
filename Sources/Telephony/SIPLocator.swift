package import Kernel
package import SIP
package import Transport

/// Finds the addresses of a target: SRV, then A and AAAA (RFC 3263 §4.2).
///
/// It waits for name servers; call it on a worker's thread.
package struct SIPLocator: Sendable {
    /// Whom it asks.
    package var server: NameServer
    /// The internets that this site can send by.
    package var families: Set<SocketAddress.Family>
    /// How long an answer stands, whatever it says itself.
    package var lifeBounds = Limits.sipNameLifeMin...Limits.sipNameLifeMax

    /// Makes a locator.
    package init(server: NameServer = NameServer(), families: Set<SocketAddress.Family>) {
        self.server = server
        self.families = families
    }

    /// Where a target is, and how long that may be believed.
    package struct Place: Hashable, Sendable {
        /// The addresses, the best first; never empty.
        package var addresses: [SIPAddress]
        /// How long they stand, within our bounds.
        package var life: Span
    }

    /// Why a target was not found, for people.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// What was asked, and what came of it.
        package let description: String
    }

    /// Finds a target; `random` decides among hosts of one priority.
    package func locate(_ target: SIPTarget, random: SeededRandom) throws(Failure) -> Place {
        if let address = target.numeric { return Place(addresses: [address], life: lifeBounds.upperBound) }
        var random = random
        var life = UInt32.max
        let port = target.port ?? target.usualPort
        var hosts = [ServiceOrder.Host(priority: 0, weight: 0, port: port, name: target.host)]
        // A name without a dot is one of this machine's network, which the domain name system does not know.
        if target.port == nil, target.host.contains("."), let found = try services(of: target) {
            hosts = ServiceOrder.order(found.hosts, random: &random)
            life = found.secondsToLive
        }
        var addresses: [SIPAddress] = []
        var isSilent = false
        for host in hosts.prefix(Limits.sipTrunkAddressesMax) where addresses.count < Limits.sipTrunkAddressesMax {
            let found = self.addresses(of: host.name, isSilent: &isSilent)
            life = min(life, found.secondsToLive)
            for text in found.hosts {
                let address = SIPAddress(host: text, port: host.port)
                if !addresses.contains(address) { addresses.append(address) }
            }
        }
        guard !addresses.isEmpty else {
            let reason = isSilent ? "no name server answers" : "it has no address that this site can send to"
            throw Failure(description: "\(target.host) was not found: \(reason).")
        }
        let span = Span.seconds(Int64(life))
        return Place(
            addresses: Array(addresses.prefix(Limits.sipTrunkAddressesMax)),
            life: min(max(span, lifeBounds.lowerBound), lifeBounds.upperBound)
        )
    }

    private struct Services {
        var hosts: [ServiceOrder.Host] = []
        var secondsToLive = UInt32.max
    }

    /// The hosts that SRV records name; nil when there are no such records.
    private func services(of target: SIPTarget) throws(Failure) -> Services? {
        let records: [DNSRecord]
        do throws(DNSFailure) {
            records = try server.ask(target.serviceName, .service)
        } catch {
            switch error {
            case .noSuchName, .noRecord: return nil
            case .unavailable: throw Failure(description: "No name server answers for \(target.serviceName).")
            case .broken: throw Failure(description: "The answer for \(target.serviceName) is no proper DNS message.")
            }
        }
        var found = Services()
        for record in records {
            guard case .service(let priority, let weight, let port, let host) = record.content else { continue }
            found.secondsToLive = min(found.secondsToLive, record.secondsToLive)
            // The root as host says that there is no such service.
            if !host.isEmpty { found.hosts.append(.init(priority: priority, weight: weight, port: port, name: host)) }
        }
        if found.hosts.isEmpty { throw Failure(description: "\(target.serviceName) says that there is no service.") }
        return found
    }

    /// The addresses of a host: IPv4 before IPv6, by the domain name system, else by what this machine knows.
    private func addresses(of name: String, isSilent: inout Bool) -> (hosts: [String], secondsToLive: UInt32) {
        var hosts: [String] = []
        var life = UInt32.max
        let kinds: [(DNSRecord.Kind, SocketAddress.Family)] = [(.v4, .v4), (.v6, .v6)]
        for (kind, family) in kinds where families.contains(family) && name.contains(".") {
            do throws(DNSFailure) {
                for record in try server.ask(name, kind) {
                    guard case .address(let host) = record.content else { continue }
                    hosts.append(host)
                    life = min(life, record.secondsToLive)
                }
            } catch {
                if error == .unavailable { isSilent = true }
            }
        }
        if !hosts.isEmpty { return (hosts, life) }
        let known = server.systemAddresses(of: name).filter { host in
            SocketAddress(host: host, port: 0).map { families.contains($0.family) } ?? false
        }
        return (known, UInt32(clamping: Limits.sipNameLifeUnknown.milliseconds / 1_000))
    }
}
