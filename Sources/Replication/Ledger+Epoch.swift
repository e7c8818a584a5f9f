package import Kernel

extension Ledger {
    /// The epoch of a site whose disk is blank, from the wall clock: seconds since 2026.
    ///
    /// A site that lost its disk cannot know which epochs it used; time tells them apart without asking anybody. A
    /// clock that is wrong does no harm as long as no epoch is hit twice, and peers that know more of it would tell.
    package static func firstEpoch(at wall: WallTime) -> UInt32 {
        UInt32(clamping: max(1, wall.milliseconds / 1_000 - secondsTo2026))
    }

    private static let secondsTo2026: Int64 = 1_767_225_600

    /// Writes from now on under a new name: after a restored backup, or when a peer has ops of this site's present
    /// epoch that are not here.
    ///
    /// The old epoch's ops become those of any other origin: what is missing of them is pulled from peers.
    package mutating func beginEpoch(at wall: WallTime, in storage: inout some LedgerStorage) throws {
        let known = vector.heads.filter { $0.origin.site == origin.site }.map(\.origin.epoch)
        let newest = known.reduce(origin.epoch, max)
        let epoch = newest == .max ? .max : max(newest + 1, Ledger.firstEpoch(at: wall))
        try storage.setCounter(LedgerCounter.epoch, to: Int64(epoch))
        origin = Origin(site: origin.site, epoch: epoch)
        vectorOfNewest = VersionVector()
        knowsNumbers = false
        try storage.setCounter(LedgerCounter.numbersKnown, to: 0)
    }

    /// Where numbers for people begin while it is not known which ones this site gave out before its disk was lost or
    /// set back: above all that it can have given, at fewer than one in ten seconds since 2026.
    static func numbersStart(at wall: WallTime) -> Int64 {
        max(0, (wall.milliseconds / 1_000 - secondsTo2026) / 10)
    }

    /// Notes the numbers for people in what comes from elsewhere under this site's name, so that none is given twice.
    mutating func noteNumbers(in change: DocumentChange) {
        for case .set(_, .string(let text), _) in change.mutations { noteNumber(text) }
    }

    /// Notes a text that may be a number that this site gave out in an earlier epoch.
    mutating func noteNumber(_ text: String) {
        guard let number = HumanNumber(text: text), number.prefix == origin.site.name.uppercased() else { return }
        numbersSeen = max(numbersSeen, Int64(clamping: number.counter))
    }
}
