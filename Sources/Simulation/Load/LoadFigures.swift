/// What a load run has seen so far.
package struct LoadFigures: Hashable, Sendable {
    /// Calls dialled.
    package internal(set) var offered = 0
    /// Calls dialled and not over.
    package internal(set) var open = 0
    /// Calls being talked on.
    package internal(set) var talking = 0
    /// Calls answered.
    package internal(set) var answered = 0
    /// Calls whose caller lost patience.
    package internal(set) var abandoned = 0
    /// Calls refused or not answered by the network.
    package internal(set) var failed = 0
    /// The failed ones by status.
    package internal(set) var failures: [Int: Int] = [:]
    /// Answered calls that the caller ended.
    package internal(set) var endedByCaller = 0
    /// Answered calls that the agent's side ended.
    package internal(set) var endedByAgent = 0
    /// Answered calls that were lost.
    package internal(set) var lost = 0
    /// Calls not dialled because too many were open.
    package internal(set) var skipped = 0
    /// Waits until the answer.
    package internal(set) var answerWaits = WaitHistogram()
    /// Waits until the caller gave up.
    package internal(set) var abandonWaits = WaitHistogram()
    /// Phones that are registered.
    package internal(set) var phonesRegistered = 0
    /// Phones that the site refuses, by the last status.
    package internal(set) var phonesRefused: [Int: Int] = [:]
    /// Calls that reached a phone in use.
    package internal(set) var collisions = 0

    /// Makes empty figures.
    package init() {}
}
