import Calls
import ContactCenter
import Kernel
import Routing
import SIP
import SiteCore
import Testing

@Suite("Calls whose media passes the relay")
struct MediaCallTests {
    private let announced = MediaSite.set(QueueField.announcements, "answered")
    private let recorded = MediaSite.set(QueueField.recording, "always")

    private func talking(_ rules: [FieldChange]) throws -> (MediaSite, phone: SIPLegID) {
        var site = try MediaSite(rules)
        try site.dial()
        let phone = try site.annaAnswers()
        #expect(site.desk != nil)
        return (site, phone)
    }

    @Test("The recording of a call that is over gets its name when it is complete")
    func recordedAfterTheEnd() throws {
        var (site, _) = try talking([recorded])
        #expect(site.desk?.recording == .on && site.requests.contains(.record))
        site.answers = false
        try site.perform(.hangUp(MediaSite.caller, reason: nil))
        #expect(site.record?.endedAt != nil && site.record?.recordings.isEmpty == true)
        try site.pass(.minutes(5))
        site.answers = true
        try site.settle()
        #expect(site.requests.suffix(2) == [.endRecording, .end])
        #expect(site.record?.recordings.map(\.file) == ["one.rec"])
        #expect(site.record?.incompleteRecordings.isEmpty == true && site.site.alarms.isEmpty)
    }

    @Test("A pause is shown when the relay has confirmed it, not before")
    func pauseIsConfirmed() throws {
        var (site, _) = try talking([recorded])
        site.answers = false
        try site.pauseRecording(true)
        #expect(site.desk?.recording == .on)
        site.answers = true
        try site.settle()
        #expect(site.desk?.recording == .paused && site.site.notices.isEmpty)
        try site.pauseRecording(false)
        #expect(site.desk?.recording == .on && site.site.notices.isEmpty)
    }

    @Test("An agent whose recording the relay does not pause, or not resume, hears so, and may try again")
    func pauseIsRefused() throws {
        var (site, _) = try talking([recorded])
        site.refused = [.pauseRecording]
        try site.pauseRecording(true)
        #expect(site.desk?.recording == .on)
        #expect(site.site.notices.last?.1.text.contains("did not pause") == true)
        #expect(site.site.alarms.contains { $0.event == "media.failed" })
        site.refused = []
        try site.pauseRecording(true)
        #expect(site.desk?.recording == .paused)
        site.refused = [.record]
        try site.pauseRecording(false)
        #expect(site.desk?.recording == .paused)
        #expect(site.site.notices.last?.1.text.contains("did not resume") == true)
        site.refused = []
        try site.pauseRecording(false)
        #expect(site.desk?.recording == .on && site.site.notices.count == 2)
    }

    @Test("A recording that does not begin is not shown as one")
    func beginningIsRefused() throws {
        var site = try MediaSite([recorded])
        site.refused = [.record]
        try site.dial()
        _ = try site.annaAnswers()
        #expect(site.desk?.recording == .off)
        #expect(site.site.notices.last?.1.text.contains("does not record") == true)
    }

    @Test(
        "A recording that the relay cuts off is marked in the contact, and the agent is told",
        arguments: [true, false]
    )
    func cutOff(isSomethingLeft: Bool) throws {
        var (site, _) = try talking([recorded])
        site.recording = isSomethingLeft ? .recorded(file: "part.rec") : .failed("no voice of the session was found")
        site.tell(.mediaRelay(isUp: false))
        try site.settle()
        #expect(site.desk?.recording == .stopped)
        #expect(site.site.notices.contains { $0.0 == MediaSite.anna && $0.1.text.contains("recording has stopped") })
        #expect(site.record?.recordings.map(\.file) == (isSomethingLeft ? ["part.rec"] : []))
        #expect(site.record?.incompleteRecordings.map(\.file) == [isSomethingLeft ? "part.rec" : ""])
        #expect(site.site.alarms.contains { $0.event == "recording.stopped" })
        // It cannot be paused any more, and the end adds nothing.
        let contact = try #require(site.record?.id)
        let token = site.site.ask(.desk(MediaSite.anna, .pauseRecording(contact, true), actor: Actor("anna")))
        guard case .refused? = site.site.replies[token] else {
            Issue.record("paused what has stopped")
            return
        }
        try site.perform(.hangUp(MediaSite.caller, reason: nil))
        #expect(site.record?.recordings.count == (isSomethingLeft ? 1 : 0))
        #expect(site.record?.incompleteRecordings.count == 1)
    }

    @Test("When the relay goes both phones are given each other's own session")
    func leavesTheRelay() throws {
        var (site, phone) = try talking([announced])
        site.site.heard = []
        site.tell(.mediaRelay(isUp: false))
        try site.pass(.seconds(1))
        func hosts(_ leg: SIPLegID) -> [Bool] {
            site.site.heard.compactMap {
                guard case .reoffered(leg, .some(let session)) = $0 else { return nil }
                return String(decoding: session, as: UTF8.self).contains(leg == phone ? "IP4 caller" : "IP4 anna")
            }
        }
        #expect(hosts(MediaSite.caller) == [true])
        #expect(hosts(phone) == [true])
        try site.perform(.answerReoffer(MediaSite.caller, sdp: MediaSite.sdp("caller")))
        try site.perform(.answerReoffer(phone, sdp: MediaSite.sdp("anna")))
        #expect(site.desk?.state == .talking && site.requests.last == .end)
        try site.perform(.hangUp(phone, reason: nil))
        #expect(site.record?.outcome == .answered)
    }

    @Test("An agent who is faster than the relay is heard: nothing is played over her")
    func fasterThanTheRelay() throws {
        var site = try MediaSite([announced])
        // The relay knows the caller, and has yet to give it something to hear.
        site.patience = 1
        try site.dial()
        _ = try site.annaAnswers()
        #expect(site.said.isEmpty && site.requests.count == 1)
        site.answers = true
        for _ in 0..<5 { try site.pass(.seconds(1)) }
        #expect(site.desk?.state == .talking)
        #expect(!site.requests.contains { if case .play = $0 { true } else { false } })
    }

    @Test("Place and wait are announced as they are, in the order of the sentence")
    func place() throws {
        var site = try MediaSite([announced])
        try site.dial()
        try site.pass(.seconds(3))
        #expect(site.said == [["welcome"], ["position-next"]])
    }

    @Test("The caller's own language is spoken where the file names one that is")
    func language() throws {
        for (tag, spoken) in [("zh-TW", "zh-hant"), ("fr", "en"), ("", "en")] {
            var site = try MediaSite(
                [announced, MediaSite.set(QueueField.language, "en")],
                file: CallerFile(
                    customer: CustomerID("c1"),
                    name: "Ada",
                    tier: 0,
                    latestTicket: nil,
                    latestOwner: nil,
                    language: tag
                )
            )
            try site.site.put(CustomerID("c1").documentID, [MediaSite.set(CustomerField.name, "Ada")])
            try site.dial()
            guard case .play(_, let clips, _)? = site.requests.last else {
                Issue.record("nothing is played")
                return
            }
            #expect(clips == [MediaClip("welcome", language: spoken)])
        }
    }

    @Test("Who has waited too long hears why before the line is ended, and is offered to nobody meanwhile")
    func closing() throws {
        let steps = Value.list([.string("waited:5 hangUp:busy")])
        var site = try MediaSite([announced, .set(QueueField.overflow, steps, seen: nil)])
        try site.dial()
        for _ in 0..<7 { try site.pass(.seconds(1)) }
        #expect(site.said.last == ["closing-busy"] && site.end == nil)
        // The clip lasts three seconds; the agent who comes now has nobody to talk with.
        let view = site.site.machine.view(at: site.site.now)
        #expect(view.contacts.count == 1)
        for _ in 0..<4 { try site.pass(.seconds(1)) }
        guard case .ended? = site.end else {
            Issue.record("the line was not ended: \(String(describing: site.end))")
            return
        }
        #expect(site.said.last == ["closing-busy"])
        #expect(site.record?.outcome == .refused && site.record?.endedBy == .system)
    }

    @Test("Who comes when nobody is there hears so at once, and one who hangs up meanwhile was refused all the same")
    func closedOnArrival() throws {
        let steps = Value.list([.string("noAgents hangUp:noAgents")])
        for hangsUp in [true, false] {
            var site = try MediaSite([announced, .set(QueueField.overflow, steps, seen: nil)])
            try site.dial()
            #expect(site.said == [["closing-no-agents"]] && site.end == nil)
            if hangsUp {
                try site.perform(.hangUp(MediaSite.caller, reason: nil))
            } else {
                for _ in 0..<4 { try site.pass(.seconds(1)) }
                #expect(site.end != nil)
            }
            #expect(site.record?.outcome == .refused)
            #expect(site.record?.endedBy == (hangsUp ? .customer : .system))
        }
    }

    @Test("A relay that cannot play why hangs up at once, as one does without announcements", arguments: [true, false])
    func closingUnheard(isAnnounced: Bool) throws {
        let steps = Value.list([.string("noAgents hangUp:noAgents")])
        let rules = [FieldChange.set(QueueField.overflow, steps, seen: nil)] + (isAnnounced ? [announced] : [])
        var site = try MediaSite(rules)
        if isAnnounced { site.tell(.mediaRelay(isUp: false)) }
        try site.dial()
        #expect(site.site.statuses.last == 480 && site.said.isEmpty)
        #expect(site.record?.outcome == .refused)
    }
}
