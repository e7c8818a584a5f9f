import Dispatch
import Foundation
import Kernel
import Site
import Store
import Synchronization
import Testing
import WebAPI

@Suite("Recordings on a site's shelf")
struct RecordingShelfTests {
    @Test("One that is there is read; one that is not is nil, and no name leads elsewhere")
    func reads() async throws {
        let rig = try RecordingRig()
        let shelf = try rig.shelf()
        let (name, wav) = try rig.make(frames: 20_000)
        #expect(try await shelf.read(name) { $0.length } == wav.count)
        #expect(try await shelf.read(name) { try $0.read(100..<70_000) } == Array(wav[100..<70_000]))
        for other in ["1-00000000000000aa", "../\(name)", "", "notes.txt", "\(name).part"] {
            #expect(try await shelf.read(other) { $0.length } == nil, "\(other)")
        }
    }

    @Test("Before the first recording there is no folder; once there is, nothing is started anew")
    func beforeTheFirst() async throws {
        let rig = try RecordingRig()
        rig.state.withLock { $0.hasFolder = false }
        let shelf = try rig.shelf()
        let (name, wav) = try rig.make(frames: 10)
        #expect(try await shelf.read(name) { $0.length } == nil)
        rig.state.withLock { $0.hasFolder = true }
        #expect(try await shelf.read(name) { $0.length } == wav.count)
    }

    @Test("What is too old is not given any more, also while it still lies there")
    func retention() async throws {
        let rig = try RecordingRig()
        let shelf = try rig.shelf()
        let (name, wav) = try rig.make(frames: 10)
        rig.state.withLock { $0.now = $0.now + RecordingRig.keep }
        #expect(try await shelf.read(name) { $0.length } == wav.count)
        rig.state.withLock { $0.now = $0.now + .milliseconds(1) }
        #expect(try await shelf.read(name) { $0.length } == nil)
        #expect(FileManager.default.fileExists(atPath: rig.path + "/" + name))
    }

    @Test("A damaged file, and one of another key, cannot be read; a person is told so")
    func damaged() async throws {
        let rig = try RecordingRig()
        let (name, _) = try rig.make(frames: 10)
        let error = await #expect(throws: GatewayError.self) {
            try await rig.shelf(isForeign: true).read(name) { $0.length }
        }
        #expect(error?.code == .unavailable && error?.message.contains("cannot be read") == true)
        try Data("TNDMREC1".utf8).write(to: URL(fileURLWithPath: rig.path + "/" + name))
        await #expect(throws: GatewayError.self) { try await rig.shelf().read(name) { $0.length } }
    }

    @Test("Reads wait for each other up to a bound; one more is refused at once, and later ones are taken again")
    func bound() async throws {
        let rig = try RecordingRig()
        let shelf = try rig.shelf()
        let (name, _) = try rig.make(frames: 10)
        let gate = DispatchSemaphore(value: 0)
        let outcomes = await withTaskGroup(of: GatewayError?.self) { group in
            for _ in 0...Limits.recordingReadsMax {
                group.addTask {
                    do {
                        _ = try await shelf.read(name) { _ in gate.wait() }
                        return nil
                    } catch {
                        return error as? GatewayError
                    }
                }
            }
            // All others stand before the gate: the first to end is the one too many.
            var outcomes = [await group.next() ?? nil]
            for _ in 0..<Limits.recordingReadsMax { gate.signal() }
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        #expect(outcomes.first??.code == .overloaded)
        #expect(outcomes.dropFirst().allSatisfy { $0 == nil } && outcomes.count == Limits.recordingReadsMax + 1)
        gate.signal()
        #expect(try await shelf.read(name) { _ in gate.wait() } != nil)
    }
}
