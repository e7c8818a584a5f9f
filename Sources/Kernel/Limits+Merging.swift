extension Limits {
    /// Files or tickets that people may merge into one.
    ///
    /// Somebody's duplicates, not a directory: each read of one of them reads all.
    package static let mergedClassMax = 32
    /// Files or tickets that count as one all the same.
    ///
    /// What sites merged while they did not see each other can come to more than any of them would have allowed. Beyond
    /// this each stands alone, at every site alike, until somebody undoes a merge; no read follows more edges.
    package static let mergedClassResolvedMax = 512
}
