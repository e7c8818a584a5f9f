import ContactCenter
import Kernel
import Testing

@Suite("Names of recordings")
struct RecordingNameTests {
    @Test("A name and the mark of one that is incomplete are read as they were written, and not for each other")
    func readBack() throws {
        let site = try #require(SiteID("north"))
        for file in ["one.rec", "a-b_c.wav"] {
            let name = RecordingName(site: site, file: file)
            #expect(RecordingName(name.text) == name)
            #expect(RecordingName(incomplete: name.incompleteText) == name)
            #expect(RecordingName(name.incompleteText) == nil && RecordingName(incomplete: name.text) == nil)
        }
        // Of one of which nothing is left there is the mark alone.
        let lost = RecordingName(site: site, file: "")
        #expect(RecordingName(incomplete: lost.incompleteText) == lost && RecordingName(lost.text) == nil)
    }

    @Test(
        "What is neither is nothing",
        arguments: ["", "/", "north", "north/", "//", "north/a/b", "north/a/incomplete/"]
    )
    func nonsense(_ text: String) {
        #expect(RecordingName(text) == nil && RecordingName(incomplete: text) == nil)
    }
}
