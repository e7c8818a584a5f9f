import ContactCenter
import HTTPTypes
import Kernel
import Synchronization
import Testing
import WebAPI

@Suite("Recordings of calls")
struct RecordingRouteTests {
    private static let path = "/api/v1/contacts/north-1-1/recordings"

    private func record(_ site: Site) {
        site.harness.gateway.state.withLock { state in
            state.recordings["north-1-1"] = ["1.wav": Array("RIFF and so on".utf8)]
        }
    }

    @Test("The agents who took part and supervisors hear it, and each access is told to the site")
    func heard() async throws {
        try await Harness().run { (site) async throws in
            record(site)
            for login in ["anna", "susan", "admin"] {
                let list = try await site.ask(.get, Self.path, as: login)
                #expect(list.status == 200, "\(list.text)")
                #expect(list["items.0.file"] == "1.wav" && list["items.0.seconds"] == "14")
                #expect(list["items.0.peaks"] == "3 items")
                #expect(list["items.0.site"] == "north" && list["items.0.standing"] == "here")
                let file = try await site.ask(.get, Self.path + "/1.wav", as: login)
                #expect(file.status == 200 && file.text == "RIFF and so on")
                #expect(file.headers[.contentType] == "audio/wav")
                #expect(file.headers[.cacheControl] == "no-store" && file.headers[.acceptRanges] == "bytes")
            }
            let asked = site.harness.gateway.state.withLock { $0.recordingsAsked }
            #expect(asked == ["anna", "susan", "admin"].map { "\($0) north-1-1 1.wav" })
        }
    }

    @Test("Another agent hears nothing, not even that there is something, and the site notes who tried")
    func othersNot() async throws {
        try await Harness().run { (site) async throws in
            record(site)
            let token = try await site.harness.token("carl", role: .agent, agent: "carl")
            for path in [Self.path, Self.path + "/1.wav", Self.path + "/none.wav"] {
                let reply = try await site.send(.get, path, headers: [.authorization: "Bearer \(token)"])
                #expect(reply.status == 403 && reply.problem == "forbidden", "\(path)")
            }
            let (asked, refused) = site.harness.gateway.state.withLock { ($0.recordingsAsked, $0.hearingsRefused) }
            #expect(asked.isEmpty)
            // A page that lists them is no attempt to hear one.
            #expect(refused == ["carl north-1-1", "carl north-1-1"])
        }
    }

    @Test("A part is given as a part; one that is not there is refused")
    func ranges() async throws {
        try await Harness().run { (site) async throws in
            record(site)
            let part = try await site.ask(.get, Self.path + "/1.wav", headers: [.range: "bytes=5-7"])
            #expect(part.status == 206 && part.text == "and")
            #expect(part.headers[.contentRange] == "bytes 5-7/14")
            let beyond = try await site.ask(.get, Self.path + "/1.wav", headers: [.range: "bytes=90-"])
            #expect(beyond.status == 416 && beyond.headers[.contentRange] == "bytes */14")
        }
    }

    @Test("An agent who passed the call on hears it as the one who took it over does")
    func passedOn() async throws {
        try await Harness().run { (site) async throws in
            record(site)
            site.harness.gateway.state.withLock { $0.tookPart = ["anna", "carl"] }
            #expect(try await site.ask(.get, "/api/v1/contacts/north-1-1")["agents"] == "2 items")
            for (login, agent) in [("anna", "anna"), ("carl", "carl")] {
                let token = try await site.harness.token(login, role: .agent, agent: agent)
                let headers: HTTPFields = [.authorization: "Bearer \(token)"]
                let reply = try await site.send(.get, Self.path + "/1.wav", headers: headers)
                #expect(reply.status == 200 && reply.text == "RIFF and so on", "\(login)")
            }
        }
    }

    @Test("What is not there is 404, what lies at a site out of reach 503 with its name; no name leads elsewhere")
    func absent() async throws {
        try await Harness().run { (site) async throws in
            record(site)
            #expect(try await site.ask(.get, "/api/v1/contacts/none/recordings").status == 404)
            #expect(try await site.ask(.get, Self.path + "/2.wav").status == 404)
            let asked = site.harness.gateway.state.withLock { $0.recordingsAsked.count }
            for name in ["..%2F1.wav", ".hidden", "a%2Fb.wav", "%00.wav", String(repeating: "a", count: 101)] {
                #expect(try await site.ask(.get, Self.path + "/\(name)").status == 404, "\(name)")
            }
            #expect(site.harness.gateway.state.withLock { $0.recordingsAsked.count } == asked)
            site.harness.gateway.state.withLock { _ = $0.elsewhere.insert("3.wav") }
            let away = try await site.ask(.get, Self.path + "/3.wav")
            #expect(away.status == 503 && away["away.site"] == "south")
            #expect(away["away.since"] == "1970-01-01T00:00:00.000Z")
            #expect(away.text.contains("lies at site south"))
        }
    }
}
