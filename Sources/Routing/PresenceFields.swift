package import ContactCenter
package import Kernel

extension AgentView {
    /// The kind of presence entries about agents; their id is the agent's key.
    package static let presenceKind: UInt8 = 1

    private static let nameField = FieldID(1)
    private static let epochField = FieldID(2)
    private static let stateField = FieldID(3)
    private static let reasonField = FieldID(4)
    private static let sinceField = FieldID(5)
    private static let tierField = FieldID(6)
    private static let skillsField = FieldID(7)
    private static let handlingField = FieldID(8)
    private static let contactsField = FieldID(9)
    private static let contactField = FieldID(10)
    private static let queueField = FieldID(11)
    private static let versionField = FieldID(12)
    private static let idleField = FieldID(15)
    private static let isOpenField = FieldID(13)
    private static let occupiedField = FieldID(14)

    /// The view as its site publishes it.
    package var fields: FieldMap {
        var fields: FieldMap = [
            Self.nameField: .string(name),
            Self.epochField: .int(Int64(clamping: fence.epoch)),
            Self.stateField: .int(Int64(state.kind.rawValue)),
            Self.sinceField: .int(since.milliseconds),
            Self.tierField: .int(tier.rawValue),
            Self.skillsField: .list(skills.skills.map { .string($0.description) }),
            Self.handlingField: .int(handlingToday.milliseconds),
            Self.contactsField: .int(Int64(contactsToday)),
            Self.versionField: .int(Int64(clamping: version)),
        ]
        if idleToday > .zero { fields[Self.idleField] = .int(idleToday.milliseconds) }
        fields[Self.reasonField] = state.reason.map { .string($0) }
        fields[Self.contactField] = contact.map { .string($0.key) }
        fields[Self.queueField] = queue.map { .string($0.key) }
        // Absent means what the state says, as older nodes take it: idle agents and those on a call need neither.
        if isOpen != Self.isOpen(in: state) { fields[Self.isOpenField] = .bool(isOpen) }
        if occupied != Self.occupied(in: state) { fields[Self.occupiedField] = .int(Int64(occupied)) }
        return fields
    }

    /// Reads what a site published; nil when a field that matters is missing or wrong.
    package init?(agent: AgentID, site: SiteID, fields: FieldMap) {
        guard let epoch = fields[Self.epochField]?.int, epoch >= 0,
            let number = fields[Self.stateField]?.int, let byte = UInt8(exactly: number),
            let kind = AgentStateKind(rawValue: byte),
            let since = fields[Self.sinceField]?.int,
            let version = fields[Self.versionField]?.int, version >= 0
        else { return nil }
        let skills = (fields[Self.skillsField]?.list ?? []).prefix(Limits.skillsMax)
        self.init(
            agent: agent,
            name: fields[Self.nameField]?.string ?? agent.key,
            fence: LoginFence(epoch: UInt64(epoch), site: site),
            state: AgentState(kind: kind, reason: fields[Self.reasonField]?.string),
            since: PresenceNumber.time(since),
            tier: fields[Self.tierField]?.int.flatMap(AgentTier.init) ?? .consultant,
            skills: SkillSet(skills.compactMap { $0.string.flatMap { Skill($0) } }),
            handlingToday: PresenceNumber.span(fields[Self.handlingField]?.int ?? 0),
            contactsToday: Int(clamping: fields[Self.contactsField]?.int ?? 0),
            idleToday: PresenceNumber.span(fields[Self.idleField]?.int ?? 0),
            contact: fields[Self.contactField]?.string.map { ContactID($0) },
            queue: fields[Self.queueField]?.string.map { QueueID($0) },
            isOpen: fields[Self.isOpenField]?.bool,
            occupied: fields[Self.occupiedField]?.int.map {
                Int(min(max($0, 0), Int64(Channel.fullCapacity)))
            },
            version: UInt64(version)
        )
    }
}

extension WaitingContact {
    /// The kind of presence entries about contacts; their id is the contact's key.
    ///
    /// The site's core says what else of a live contact is published beside what routing needs.
    package static let presenceKind: UInt8 = 2
}

/// Brings numbers of another site into ranges in which no arithmetic can overflow.
enum PresenceNumber {
    /// A time between 1970 and the year 144 000.
    static func time(_ milliseconds: Int64) -> WallTime {
        WallTime(milliseconds: min(max(milliseconds, 0), 1 << 52))
    }

    /// A span between none and some thousand years.
    static func span(_ milliseconds: Int64) -> Span {
        .milliseconds(min(max(milliseconds, 0), 1 << 48))
    }
}
