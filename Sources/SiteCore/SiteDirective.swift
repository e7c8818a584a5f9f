package import Calls
package import ContactCenter
package import Kernel
package import Replication
package import SIP

/// What the core wants done; the shell and the simulator carry directives out in the order given.
package enum SiteDirective: Sendable {
    /// Put a packet on the wire; losing it is the wire's right.
    case sendSIP(SIPPacket)
    /// Close a TCP or TLS connection of a phone or trunk: what came over it is not SIP.
    case closeSIPFlow(UInt64)
    /// Hand a frame to the link with a peer; dropped silently when there is no link, which `linkDown` has told
    /// or will tell.
    case sendFrame(Frame, to: SiteID)
    /// Write a batch in one transaction and answer `committed` or `commitFailed`. One batch is out at a time.
    case commit(CommitBatch)
    /// Read something from the store and answer `queryAnswered`; answers may come in any order.
    case query(QueryToken, SiteQuery)
    /// Do something with the blobs on disk and answer `blobDone`; answers may come in any order.
    case blob(BlobJob)
    /// Tell or read something of a recording on disk and answer `recordingDone`; answers may come in any order.
    case recording(RecordingJob)
    /// Have the site's media relay do something and answer `mediaDone`; jobs of one session are done in order.
    case media(MediaJob)
    /// Answer a command.
    case reply(CommandToken, CommandReply)
    /// Something that pages show has changed; `SiteMachine.view` and `desk` tell what. The shell may coalesce.
    case viewChanged(ViewChange)
    /// Tell an agent something.
    case notice(AgentID, SiteNotice)
    /// The peer cannot be talked to: send what was handed out for it, close the link, and do not hurry to dial again.
    case closeLink(SiteID, reason: String)
    /// Write a line to the log.
    case log(TraceLine)
    /// Somebody must look at this: logged at the highest level and counted.
    case alarm(TraceLine)
}

/// Which page is out of date.
package enum ViewChange: Hashable, Comparable, Sendable {
    /// The wall.
    case wall
    /// One agent's desk.
    case desk(AgentID)

    /// Orders the wall before desks, desks by agent.
    package static func < (left: ViewChange, right: ViewChange) -> Bool {
        switch (left, right) {
        case (.wall, .desk): true
        case (.desk(let left), .desk(let right)): left < right
        default: false
        }
    }
}

/// What the core asks the store.
package enum SiteQuery: Hashable, Sendable {
    /// Who has this number, in the form of `PhoneNumber.normalised`; answer `.caller`.
    case lookUpCaller(number: String)
    /// Ops for a peer that lacks them, by `Ledger.read`; answer `.ops`.
    case readOps(OpsRequest)
    /// The offsets of a time zone over the years around now; answer `.zone`.
    case readZone(name: String)
}

/// A line of the structured log.
package struct TraceLine: Hashable, Sendable {
    /// How much it matters.
    package enum Level: String, Hashable, Sendable {
        /// For whoever follows one call.
        case debug
        /// The course of things.
        case info
        /// Something was refused or lost, and handled.
        case warning
        /// Something is wrong.
        case error
    }

    /// How much it matters.
    package var level: Level
    /// What happened, as a fixed name: `contact.answered`.
    package var event: String
    /// The particulars, in a fixed order.
    package var fields: [Field]

    /// One particular.
    package struct Field: Hashable, Sendable {
        /// Its name.
        package var name: String
        /// Its value.
        package var value: String
    }

    /// Makes a line.
    package init(_ level: Level, _ event: String, _ fields: [(String, String)] = []) {
        self.level = level
        self.event = event
        self.fields = fields.map { Field(name: $0.0, value: $0.1) }
    }
}
