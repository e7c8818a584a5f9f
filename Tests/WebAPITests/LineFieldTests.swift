import ContactCenter
import HTTPTypes
import Kernel
import Testing
import WebAPI

@Suite("What callers hear, what is recorded, where agents answer")
struct LineFieldTests {
    private static let path = "/api/v1/queues/sales"

    @Test("A queue's announcements and recording are kept, shown and cleared")
    func kept() async throws {
        try await Harness().run { (site) async throws in
            let body =
                #"{"name":"Sales","announcements":"early","language":"zh-hant","musicOnHold":true,"#
                + #""announceEverySeconds":60,"recording":"share:20","recordingNotice":true}"#
            let made = try await site.ask(.put, Self.path, as: "susan", body: body)
            #expect(made.status == 201, "\(made.text)")
            let read = try await site.ask(.get, Self.path)
            #expect(read["announcements"] == "early" && read["language"] == "zh-hant")
            #expect(read["announceEverySeconds"] == "60" && read["recording"] == "share:20")
            #expect(["1", "true"].contains(read["musicOnHold"] ?? ""))
            #expect(["1", "true"].contains(read["recordingNotice"] ?? ""))
            let cleared =
                #"{"announcements":null,"language":null,"musicOnHold":null,"announceEverySeconds":null,"#
                + #""recording":null,"recordingNotice":null}"#
            let after = try await site.ask(.patch, Self.path, as: "susan", body: cleared)
            #expect(after.status == 200, "\(after.text)")
            for field in ["announcements", "language", "musicOnHold", "announceEverySeconds", "recording"] {
                #expect(after[field] == "null", "\(field)")
            }
        }
    }

    @Test(
        "What cannot be is refused with its field",
        arguments: [
            (#"{"announcements":"loud"}"#, "announcements"), (#"{"language":"fr"}"#, "language"),
            (#"{"musicOnHold":"yes"}"#, "musicOnHold"), (#"{"announceEverySeconds":14}"#, "announceEverySeconds"),
            (#"{"announceEverySeconds":601}"#, "announceEverySeconds"), (#"{"recording":"some"}"#, "recording"),
            (#"{"recording":"share:100"}"#, "recording"), (#"{"recording":20}"#, "recording"),
            (#"{"recordingNotice":1}"#, "recordingNotice"),
        ]
    )
    func refused(body: String, field: String) async throws {
        try await Harness().run { (site) async throws in
            _ = try await site.ask(.put, Self.path, as: "susan", body: #"{"name":"Sales"}"#)
            let reply = try await site.ask(.patch, Self.path, as: "susan", body: body)
            #expect(reply.status == 422)
            #expect(reply.fieldsAtFault == [field])
        }
    }

    @Test("An agent answers on the phone until told otherwise")
    func answersOn() async throws {
        try await Harness().run { (site) async throws in
            #expect(try await site.ask(.get, "/api/v1/agents/anna")["answersOn"] == "phone")
            let page = #"{"answersOn":"page"}"#
            #expect(try await site.ask(.put, "/api/v1/agents/anna", as: "admin", body: page)["answersOn"] == "page")
            let wrong = try await site.ask(.put, "/api/v1/agents/anna", as: "admin", body: #"{"answersOn":"door"}"#)
            #expect(wrong.fieldsAtFault == ["answersOn"])
        }
    }
}
