import Mixer
import TestKit
import Testing

@Suite("G.711")
struct VoiceLawTests {
    @Test("Bytes mean what the standard says (ITU-T G.711, tables 1 and 2)")
    func known() {
        #expect(VoiceLaw.pcmu.decode([0xff, 0x7f, 0x80, 0x00, 0xfe, 0x7e]) == [0, 0, 32_124, -32_124, 8, -8])
        #expect(VoiceLaw.pcma.decode([0xd5, 0x55, 0xaa, 0x2a, 0xd4]) == [8, -8, 32_256, -32_256, 24])
        #expect(VoiceLaw.pcmu.encode([0, 32_767, -32_768, 8, -8, 1_000]) == [0xff, 0x80, 0x00, 0xfe, 0x7e, 0xce])
        #expect(VoiceLaw.pcma.encode([0, 32_767, -32_768, -1, 1_000]) == [0xd5, 0xaa, 0x2a, 0x55, 0xfa])
    }

    @Test("Every byte comes back from its own value; silence is silent", arguments: VoiceLaw.allCases)
    func roundTrip(law: VoiceLaw) {
        for byte in UInt8.min...UInt8.max {
            let value = law.decode([byte])
            #expect(law.decode(law.encode(value)[...]) == value)
        }
        #expect(law.encode([0]) == [law.silence])
    }

    @Test("A coded sample is near what it was: within a sixteenth, or within 16", arguments: VoiceLaw.allCases)
    func near(law: VoiceLaw) {
        for sample in stride(from: Int16(-32_000), through: 32_000, by: 37) {
            let coded = Int(law.decode(law.encode([sample])[...])[0])
            #expect(abs(coded - Int(sample)) <= max(16, abs(Int(sample)) / 16), "\(sample) became \(coded)")
        }
    }
}
