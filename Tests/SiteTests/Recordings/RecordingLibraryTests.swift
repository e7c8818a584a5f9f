import ContactCenter
import Foundation
import Kernel
import Site
import SiteCore
import Store
import Synchronization
import Testing
import WebAPI

@Suite("Recordings as pages ask for them")
struct RecordingLibraryTests {
    private let sue = Actor("sue")

    /// Reads an open recording to its end, as an answer to a page does.
    private func play(_ recording: any OpenRecording, piece: Int = 256 * 1_024) async throws -> [UInt8] {
        var got: [UInt8] = []
        while got.count < recording.size {
            let bytes = try await recording.bytes(offset: got.count, length: min(piece, recording.size - got.count))
            try #require(!bytes.isEmpty && bytes.count <= piece)
            got += bytes
        }
        return got
    }

    @Test("What lies here is listed with its picture, and heard; the access is noted before")
    func here() async throws {
        let rig = try RecordingRig()
        let (name, wav) = try rig.make(frames: 40_000)
        try rig.write([RecordingName(site: rig.north, file: name)])
        let library = rig.library(of: rig.north, shelf: try rig.shelf())
        let listed = try await library.recordings(of: rig.contact)
        #expect(listed.map(\.file) == [name] && listed.first?.standing == .here && listed.first?.site == "north")
        #expect(listed.first?.seconds == 5 && listed.first?.peaks.contains { $0 > 0.9 } == true)
        #expect(rig.trail(of: rig.north).isEmpty, "a list is heard by nobody")
        let recording = try await library.open(name, of: rig.contact, by: sue)
        let access = RecordingAccess(by: "sue", contact: rig.contact, file: name, at: rig.north, from: rig.north)
        #expect(rig.trail(of: rig.north) == [access])
        #expect(try await play(recording) == wav)
        #expect(rig.state.withLock { $0.asked.isEmpty })
    }

    @Test("What is named nowhere, and what is not kept any more, is not found; the try is noted")
    func gone() async throws {
        let rig = try RecordingRig()
        let (name, _) = try rig.make(frames: 40_000)
        try rig.write([RecordingName(site: rig.north, file: name)])
        let library = rig.library(of: rig.north, shelf: try rig.shelf())
        let open = try await library.open(name, of: rig.contact, by: sue)
        rig.folder.remove(name)
        for file in [name, "1-00000000000000aa"] {
            let error = await #expect(throws: GatewayError.self) {
                try await library.open(file, of: rig.contact, by: sue)
            }
            #expect(error?.code == .notFound)
        }
        await #expect(throws: GatewayError.self) { try await open.bytes(offset: 0, length: 10) }
        #expect(rig.trail(of: rig.north).map(\.file) == [name, name, "1-00000000000000aa"])
        #expect(try await library.recordings(of: rig.contact).isEmpty)
        #expect(try await library.recordings(of: ContactID("none")).isEmpty)
    }

    @Test("A damaged recording is listed as one that cannot be read, and hides no other")
    func damaged() async throws {
        let rig = try RecordingRig()
        let first = try rig.make(frames: 8), second = try rig.make(frames: 8)
        let names = [first, second].map { RecordingName(site: rig.north, file: $0.name) }
        try rig.write(names, incomplete: [names[1]])
        try Data("x".utf8).write(to: URL(fileURLWithPath: rig.path + "/" + first.name))
        let listed = try await rig.library(of: rig.north, shelf: try rig.shelf()).recordings(of: rig.contact)
        #expect(listed.map(\.standing) == [.unreadable, .here])
        #expect(listed.map(\.incomplete) == [false, true], "the relay failed in the second")
    }

    @Test("What lies in the north is listed and heard in the south, byte for byte; both sites note it")
    func elsewhere() async throws {
        let rig = try RecordingRig()
        let (name, wav) = try rig.make(frames: 200_000)
        try rig.write([RecordingName(site: rig.north, file: name)])
        let shelf = try rig.shelf()
        let library = rig.library(of: rig.south, shelf: try rig.shelf(), donor: rig.donor(shelf: shelf))
        let listed = try await library.recordings(of: rig.contact)
        #expect(listed.first?.standing == .elsewhere && listed.first?.site == "north")
        #expect(listed.first?.seconds == 25 && listed.first?.peaks.isEmpty == false)
        #expect(rig.trail(of: rig.north).isEmpty && rig.trail(of: rig.south).isEmpty)
        let recording = try await library.open(name, of: rig.contact, by: sue)
        let access = RecordingAccess(by: "sue", contact: rig.contact, file: name, at: rig.north, from: rig.south)
        #expect(rig.trail(of: rig.south) == [access] && rig.trail(of: rig.north) == [access])
        #expect(try await play(recording) == wav)
        #expect(try await recording.bytes(offset: 50, length: 7) == Array(wav[50..<57]))
        let longest = rig.state.withLock { state in
            state.asked.map { if case .read(_, _, _, let length) = $0 { length } else { 0 } }.max()
        }
        #expect(longest == Limits.recordingPartBytesMax)
    }

    @Test("A site that was started anew while somebody listens opens it again, and notes that again")
    func reopened() async throws {
        let rig = try RecordingRig()
        let (name, wav) = try rig.make(frames: 100_000)
        try rig.write([RecordingName(site: rig.north, file: name)])
        let library = rig.library(of: rig.south, shelf: try rig.shelf(), donor: rig.donor(shelf: try rig.shelf()))
        let recording = try await library.open(name, of: rig.contact, by: sue)
        let start = try await recording.bytes(offset: 0, length: 1_000)
        rig.state.withLock { $0.grants = [:] }
        #expect(start + (try await recording.bytes(offset: 1_000, length: 1_000)) == Array(wav.prefix(2_000)))
        #expect(rig.trail(of: rig.north).count == 2 && rig.trail(of: rig.south).count == 1)
        // Another file of that name is not passed off as the rest of the first.
        rig.state.withLock { state in
            state.instead = [.refused(.notOpen), .found(RecordingFacts(size: 9, milliseconds: 1, peaks: []), grant: 7)]
        }
        await #expect(throws: GatewayError.self) { try await recording.bytes(offset: 0, length: 10) }
        // One that shuts it again and again is given up.
        let facts = RecordingFacts(size: wav.count, milliseconds: 1, peaks: [])
        rig.state.withLock { state in
            state.instead = (0..<20).map { $0.isMultiple(of: 2) ? .refused(.notOpen) : .found(facts, grant: 7) }
        }
        await #expect(throws: GatewayError.self) { try await recording.bytes(offset: 0, length: 10) }
    }

    @Test("Why nothing comes from the other site is said, also in the middle; nothing short is passed as whole")
    func refusals() async throws {
        let rig = try RecordingRig()
        let (name, wav) = try rig.make(frames: 100_000)
        try rig.write([RecordingName(site: rig.north, file: name)])
        let library = rig.library(of: rig.south, shelf: try rig.shelf(), donor: rig.donor(shelf: try rig.shelf()))
        let since = WallTime(milliseconds: 1_700_000_000_000)
        let cases: [(RecordingReply, GatewayError.Code, AwaySite?)] = [
            (.away(since: since), .unavailable, AwaySite(site: "north", since: Timestamp(since))),
            (.away(since: nil), .unavailable, AwaySite(site: "north", since: nil)),
            (.late, .unavailable, AwaySite(site: "north", since: nil)),
            (.refused(.busy), .overloaded, nil), (.refused(.notKept), .notFound, nil),
            (.refused(.unreadable), .unavailable, nil),
        ]
        for (reply, code, away) in cases {
            rig.state.withLock { $0.instead = [reply] }
            let atFirst = await #expect(throws: GatewayError.self) {
                try await library.open(name, of: rig.contact, by: sue)
            }
            #expect(atFirst?.code == code && atFirst?.away == away && atFirst?.message.contains("north") == true)
            let recording = try await library.open(name, of: rig.contact, by: sue)
            rig.state.withLock { $0.instead = [nil, reply] }
            let within = await #expect(throws: GatewayError.self) { try await play(recording) }
            #expect(within?.code == code && within?.away == away)
            // Who tries again hears it.
            #expect(try await play(recording) == wav)
        }
    }

    @Test("A list waits once for a site that is away or silent, and names what it has all the same")
    func awayInTheList() async throws {
        let rig = try RecordingRig()
        let names = try (0..<3).map { _ in try rig.make(frames: 8).name }
        try rig.write(names.map { RecordingName(site: rig.north, file: $0) }, talkMs: 4_000)
        let library = rig.library(of: rig.south, shelf: try rig.shelf(), donor: rig.donor(shelf: try rig.shelf()))
        let since = WallTime(milliseconds: 1_700_000_000_000)
        for (reply, told) in [(RecordingReply.away(since: since), Timestamp(since)), (.late, nil)] {
            rig.state.withLock { state in
                state.asked = []
                state.instead = [reply]
            }
            let listed = try await library.recordings(of: rig.contact)
            #expect(listed.map(\.file) == names && listed.allSatisfy { $0.standing == .away && $0.peaks.isEmpty })
            #expect(listed.allSatisfy { $0.awaySince == told && $0.seconds == 4 })
            #expect(rig.state.withLock { $0.asked.count } == 1)
        }
        rig.state.withLock { $0.instead = [.refused(.notKept), .refused(.unreadable), .refused(.busy)] }
        #expect(try await library.recordings(of: rig.contact).map(\.standing) == [.unreadable, .elsewhere])
    }
}

@Suite("Recordings that other sites ask for")
struct RecordingDonorTests {
    @Test("Only what the contact's record names as this site's is given, whatever lies on the disk")
    func named() async throws {
        let rig = try RecordingRig()
        let (mine, wav) = try rig.make(frames: 8), other = try rig.make(frames: 8).name
        try rig.write([RecordingName(site: rig.north, file: mine), RecordingName(site: rig.south, file: other)])
        let donor = rig.donor(shelf: try rig.shelf())
        guard
            case .found(let facts) = await donor.perform(
                .look(RecordingPlace(rig.contact, mine), listener: "sue", from: rig.south)
            )
        else {
            Issue.record("not given")
            return
        }
        #expect(facts.size == wav.count && facts.milliseconds == 1)
        for place in [RecordingPlace(rig.contact, other), RecordingPlace(ContactID("north-1-2"), mine)] {
            let result = await donor.perform(.look(place, listener: "sue", from: rig.south))
            #expect(result == .refused(.notKept))
        }
        #expect(rig.trail(of: rig.north).count == 3, "tries are noted too")
        #expect(
            await donor.perform(.look(RecordingPlace(rig.contact, mine), listener: nil, from: rig.south))
                != .refused(.notKept)
        )
        #expect(rig.trail(of: rig.north).count == 3)
    }

    @Test("Ranges are cut at the end; a damaged file and one that went are told apart")
    func ranges() async throws {
        let rig = try RecordingRig()
        let (name, wav) = try rig.make(frames: 100)
        let donor = rig.donor(shelf: try rig.shelf()), place = RecordingPlace(rig.contact, name)
        #expect(await donor.perform(.read(place, offset: 10, length: 20)) == .bytes(Array(wav[10..<30])))
        #expect(await donor.perform(.read(place, offset: wav.count - 5, length: .max)) == .bytes(wav.suffix(5)))
        #expect(await donor.perform(.read(place, offset: .max, length: 5)) == .bytes([]))
        #expect(await donor.perform(.read(place, offset: -1, length: -1)) == .bytes([]))
        let foreign = rig.donor(shelf: try rig.shelf(isForeign: true))
        #expect(await foreign.perform(.read(place, offset: 0, length: 5)) == .refused(.unreadable))
        rig.folder.remove(name)
        #expect(await donor.perform(.read(place, offset: 0, length: 5)) == .refused(.notKept))
    }
}
