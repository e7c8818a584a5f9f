import Kernel
import Replication

/// An acknowledged op is on the disk it was promised for at once, and at the end everywhere, unless every disk that
/// held it was lost.
struct PromisesSurvive: RecordsChecker {
    let name = "1 an acknowledged dot survives"
    private var checked = 0

    mutating func after(_ transaction: WorldTransaction, _ world: RecordsWorld) -> String? {
        defer { checked = world.book.promises.count }
        for promise in world.book.promises.dropFirst(checked)
        where !world.sites[promise.site].everStored.contains(promise.dot) {
            return "\(world.sites[promise.site].id) acknowledged \(promise.dot) and never had it"
        }
        return nil
    }

    func finally(_ world: RecordsWorld) -> String? {
        // Two disks have to be lost before an op is that was on two.
        if world.book.losses < 2,
            let broken = world.book.promises.first(where: { $0.level > .local && world.book.lost.contains($0.dot) })
        {
            return "\(broken.dot) was confirmed as on \(broken.level) and is lost with one disk"
        }
        for promise in world.book.promises where !world.book.lost.contains(promise.dot) {
            for site in world.sites where !site.stored.contains(promise.dot) {
                return "\(site.id) has not \(promise.dot), which \(world.sites[promise.site].id) acknowledged"
            }
        }
        return nil
    }
}
