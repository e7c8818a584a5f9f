package import Calls
package import ContactCenter
package import Kernel
package import Replication
package import SIP

/// All that can happen to a site, as the core sees it.
package enum SiteEvent: Sendable {
    /// `SiteMachine.nextDeadline` has come (or passed, or nothing has: spurious ones do no harm).
    case timer
    /// A SIP packet arrived.
    case sipReceived(SIPPacket)
    /// A TCP or TLS connection of phones or trunks closed.
    case sipFlowClosed(UInt64)
    /// A packet could not be sent: no connection could be made, or the network has no way there.
    case sipNotSent(SIPPacket)
    /// A trunk can be reached at these addresses now, the best first.
    case trunkAddresses(String, [SIPAddress])
    /// An authenticated link to a peer is up; frames flow until `linkDown`.
    case linkUp(SiteID)
    /// The link is gone; what was not received from it will not come.
    case linkDown(SiteID)
    /// A peer's machine answered that no node listens there.
    case peerAbsent(SiteID)
    /// A frame from a peer, in the order in which it was sent.
    case frame(Frame, from: SiteID)
    /// A batch is on disk; batches are answered in the order in which they were handed out.
    case committed(BatchResult)
    /// A batch was rolled back as a whole: disk full, I/O error. Nothing of it is on disk.
    case commitFailed(CommitToken, reason: String)
    /// The answer to a query.
    case queryAnswered(QueryToken, QueryAnswer)
    /// What became of a job with the blobs on disk.
    case blobDone(UInt64, BlobResult)
    /// What became of a job with the recordings on disk.
    case recordingDone(UInt64, RecordingResult)
    /// What became of a media job.
    case mediaDone(UInt64, MediaResult)
    /// A party pressed a key (0-9 * # A-D) that its media carried.
    case mediaDigit(MediaSession, MediaSide, Character)
    /// The site's media relay answers, or no longer; false until it is first heard from.
    case mediaRelay(isUp: Bool)
    /// A relay has lost these sessions: it was started anew, or is gone while another one answers.
    case mediaLost([MediaSession])
    /// The site's mixer answers, or no longer; one that is started anew is gone first.
    case mixer(isUp: Bool)
    /// Somebody asks something; `CommandReply` answers.
    case command(CommandToken, SiteCommand)
    /// A graceful stop begins: no new calls; the shell stops the site when `SiteMachine.isDrained`.
    case drain
}

/// Names a batch handed to the disk; counts up from 1.
package struct CommitToken: Hashable, Comparable, Sendable {
    /// The number.
    package let number: UInt64

    /// Makes a token.
    package init(_ number: UInt64) {
        self.number = number
    }

    /// Orders by number, the order of commits.
    package static func < (left: CommitToken, right: CommitToken) -> Bool {
        left.number < right.number
    }
}

/// Names a query until its answer; counts up from 1.
package struct QueryToken: Hashable, Comparable, Sendable {
    /// The number.
    package let number: UInt64

    /// Makes a token.
    package init(_ number: UInt64) {
        self.number = number
    }

    /// Orders by number.
    package static func < (left: QueryToken, right: QueryToken) -> Bool {
        left.number < right.number
    }
}

/// What a query found.
package enum QueryAnswer: Sendable {
    /// The customer behind a calling number; nil when none or several have it.
    case caller(CallerFile?)
    /// Ops of the log, and an op before which they end because the disk changed its bytes.
    case ops(OpsBatch, damaged: Dot? = nil)
    /// The offsets of a time zone; nil when there is no zone of that name.
    case zone(ZoneTable?)
    /// The store could not answer: the site goes on without.
    case failed(reason: String)
}

/// What routing needs of a customer's file, gathered by the store in one read.
package struct CallerFile: Hashable, Sendable {
    /// Whose file it is.
    package var customer: CustomerID
    /// The customer's name.
    package var name: String
    /// The customer's tier, 0 (standard) to 3 (platinum); the organisation's when that is higher.
    package var tier: Int
    /// The customer's latest ticket.
    package var latestTicket: TicketID?
    /// The agent who owns that ticket: tried first.
    package var latestOwner: AgentID?
    /// The customer's priority score, 0…100.
    package var score = 0
    /// The language to speak, as a BCP 47 tag; empty when unknown.
    package var language = ""

    /// Makes a file.
    package init(
        customer: CustomerID,
        name: String,
        tier: Int,
        latestTicket: TicketID?,
        latestOwner: AgentID?,
        score: Int = 0,
        language: String = ""
    ) {
        self.customer = customer
        self.name = name
        self.tier = tier
        self.latestTicket = latestTicket
        self.latestOwner = latestOwner
        self.score = min(max(score, 0), 100)
        self.language = language
    }
}
