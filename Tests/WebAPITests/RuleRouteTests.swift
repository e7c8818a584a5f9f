import ContactCenter
import HTTPTypes
import Kernel
import Testing
import WebAPI

@Suite("Routes of queues' rules, calendars and break reasons")
struct RuleRouteTests {
    private static let office =
        #"{"name":"Office","zone":"Europe/Oslo","hours":{"monday":["08:00-16:00"],"friday":["08:00-12:00"]},"#
        + #""holidays":[{"date":"*-12-25","name":"Christmas"}]}"#
    private static let sales =
        #"{"name":"Sales","requiredSkills":["sales:2"],"relaxation":[{"afterSeconds":60,"requiredSkills":["sales:1"],"#
        + #""tiers":"consultant..senior"}],"tiers":"critical/*=senior","serviceLevelSeconds":20,"#
        + #""serviceLevelPercent":80,"shortAbandonSeconds":5,"ringSeconds":15,"wrapUpSeconds":30,"#
        + #""strategy":"roundRobin","priority":2,"affinitySeconds":10,"chatCost":25,"emailCost":null,"maxWaiting":50,"#
        + #""overflow":[{"when":"waited","seconds":60,"then":"siteFirst","sites":["east"]},"#
        + #"{"when":"noAgents","then":"callback"},{"when":"closed","then":"hangUp","announcement":"closed"}],"#
        + #""calendar":"office","siteCalendars":[{"site":"east","calendar":"office"}],"#
        + #""closedAction":{"then":"message"}}"#

    private func put(_ site: Site, _ path: String, _ body: String, as login: String = "susan") async throws -> Reply {
        try await site.ask(.put, "/api/v1/\(path)", as: login, body: body)
    }

    @Test("Every field of a queue is taken and given back; null puts it back to its default")
    func queue() async throws {
        try await Harness().run { (site) async throws in
            #expect(try await put(site, "calendars/office", Self.office).status == 201)
            let made = try await put(site, "queues/sales", Self.sales)
            #expect(made.status == 201, "\(made.text)")
            let expected = [
                "relaxation.0.afterSeconds": "60", "relaxation.0.requiredSkills.0": "sales:1",
                "relaxation.0.tiers": "consultant..senior", "serviceLevelPercent": "80", "shortAbandonSeconds": "5",
                "strategy": "roundRobin", "chatCost": "25", "emailCost": "null", "maxWaiting": "50",
                "overflow.0.when": "waited", "overflow.0.seconds": "60", "overflow.0.then": "siteFirst",
                "overflow.0.sites.0": "east", "overflow.1.then": "callback", "overflow.1.seconds": "null",
                "overflow.2.announcement": "closed", "calendar": "office", "siteCalendars.0.site": "east",
                "closedAction.then": "message", "changed.by": "susan", "changed.site": "north",
                "receipt.acknowledged": "local",
            ]
            for (path, value) in expected { #expect(made[path] == value, "\(path): \(made[path] ?? "nothing")") }
            #expect(made["tiers"]?.contains("critical/platinum=senior") == true)
            let read = try await site.ask(.get, "/api/v1/queues/sales")
            #expect(read["version"] == made["version"])
            #expect(read.headers[.eTag] == made["version"].map { "\"\($0)\"" })
            let cleared = try await site.ask(
                .patch,
                "/api/v1/queues/sales",
                as: "susan",
                body: #"{"maxWaiting":null,"closedAction":null,"tiers":null,"overflow":[],"siteCalendars":null}"#,
                type: "application/merge-patch+json"
            )
            #expect(cleared.status == 200, "\(cleared.text)")
            for path in ["maxWaiting", "closedAction", "tiers"] { #expect(cleared[path] == "null") }
            #expect(cleared["overflow"] == "0 items")
            #expect(cleared["calendar"] == "office")
            #expect(try await site.ask(.get, "/api/v1/queues/none").status == 404)
            let missing = try await site.ask(.patch, "/api/v1/queues/none", as: "admin", body: #"{"name":"X"}"#)
            #expect(missing.status == 404)
        }
    }

    @Test("Warnings come with the answer and with the check; they refuse nothing")
    func warnings() async throws {
        try await Harness().run { (site) async throws in
            let made = try await put(site, "queues/sales", #"{"name":"Sales","requiredSkills":["greek:2"]}"#)
            #expect(made.status == 201)
            #expect(made["warnings.0.code"] == "unknownSkill")
            #expect(made["warnings.0.severity"] == "warning")
            #expect(made["warnings.1.code"] == "noFittingAgent")
            #expect(made["warnings.1.names.agent"] == "Anna")
            #expect(made["warnings.1.names.gaps"] == "greek:2")
            let checks = try await site.ask(.get, "/api/v1/routing/checks", as: "susan")
            #expect(checks["items"] == "2 items")
            #expect(checks["items.0.subject.key"] == "sales")
            #expect(checks["items.0.subject.type"] == "queue")
        }
    }

    @Test(
        "What cannot work is refused with its field, and nothing is written",
        arguments: [
            (#"{"overflow":[{"when":"waited","seconds":9,"then":"queue","queue":"gone"}]}"#, "overflow[0].queue"),
            (#"{"overflow":[{"when":"waited","seconds":9,"then":"site","sites":["mars"]}]}"#, "overflow[0].sites"),
            (#"{"overflow":[{"when":"waited","then":"callback"}]}"#, "overflow[0].seconds"),
            (#"{"overflow":[{"when":"full","then":"callback"}]}"#, "overflow[0].when"),
            (#"{"overflow":[{"when":"closed","then":"hangUp"}]}"#, "overflow[0].announcement"),
            (#"{"overflow":[{"when":"closed","then":"message","how":1}]}"#, "overflow[0].how"),
            (#"{"overflow":[7]}"#, "overflow[0]"), (#"{"overflow":"later"}"#, "overflow"),
            (#"{"closedAction":{"then":"queue","queue":"sales"}}"#, "overflow"),
            (#"{"calendar":"none"}"#, "calendar"), (#"{"chatCost":0}"#, "chatCost"), (#"{"chatCost":101}"#, "chatCost"),
            (#"{"siteCalendars":[{"site":"mars","calendar":"office"}]}"#, "siteCalendars[0].site"),
            (#"{"tiers":"critical=senior"}"#, "tiers"), (#"{"maxWaiting":0}"#, "maxWaiting"),
            (#"{"relaxation":[{"afterSeconds":0}]}"#, "relaxation[0].afterSeconds"),
            (#"{"relaxation":[{"afterSeconds":5,"tiers":"boss"}]}"#, "relaxation[0].tiers"),
            (#"{"serviceLevelPercent":101}"#, "serviceLevelPercent"), (#"{"name":null}"#, "name"),
        ]
    )
    func refused(body: String, field: String) async throws {
        try await Harness().run { (site) async throws in
            _ = try await put(site, "calendars/office", Self.office)
            let made = try await put(site, "queues/sales", #"{"name":"Sales"}"#)
            let reply = try await put(site, "queues/sales", body)
            #expect(reply.status == 422, "\(reply.text)")
            #expect(reply.fieldsAtFault == [field], "\(reply.text)")
            #expect(try await site.ask(.get, "/api/v1/queues/sales")["version"] == made["version"])
        }
    }

    @Test("A ring of overflow is refused by name, also when it closes elsewhere")
    func ring() async throws {
        try await Harness().run { (site) async throws in
            _ = try await put(site, "queues/a", #"{"name":"A"}"#)
            let toA = #"{"name":"B","overflow":[{"when":"waited","seconds":9,"then":"queue","queue":"a"}]}"#
            _ = try await put(site, "queues/b", toA)
            let toB = #"{"overflow":[{"when":"noAgents","then":"queue","queue":"b"}]}"#
            let reply = try await put(site, "queues/a", toB)
            #expect(reply.status == 422)
            #expect(reply["errors.0.message"]?.contains("a → b → a") == true)
            // Two sites may close a ring between them; it is shown, and a change elsewhere in the queue stays possible.
            var change = QueueChange()
            change.overflow = [OverflowStep(.noAgents, .queue(QueueID("b")))]
            let document = try await site.harness.gateway.document(QueueID("a").documentID)
            let edit = try change.put(QueueID("a"), over: document)
            _ = try await site.harness.gateway.commit(
                EditRequest(actor: .system, edits: [edit]),
                acknowledgement: .local
            )
            let checks = try await site.ask(.get, "/api/v1/routing/checks", as: "admin")
            #expect(checks["items.0.code"] == "overflowCycle")
            #expect(checks["items.0.severity"] == "error")
            #expect(try await put(site, "queues/a", #"{"name":"AA"}"#).status == 200)
        }
    }

    @Test("If-Match refuses a change over what its author has not seen")
    func version() async throws {
        try await Harness().run { (site) async throws in
            let made = try await put(site, "queues/sales", #"{"name":"Sales"}"#)
            let first = try #require(made["version"])
            let second = try await put(site, "queues/sales", #"{"priority":3}"#)
            for method in [HTTPRequest.Method.put, .patch] {
                let reply = try await site.ask(
                    method,
                    "/api/v1/queues/sales",
                    as: "susan",
                    body: #"{"priority":4}"#,
                    headers: [.ifMatch: "\"\(first)\""]
                )
                #expect(reply.status == 412)
                #expect(reply["currentVersion"] == second["version"])
            }
            let none = try await site.ask(
                .put,
                "/api/v1/queues/new",
                as: "susan",
                body: #"{"name":"New"}"#,
                headers: [.ifMatch: "\"\(first)\""]
            )
            #expect(none.status == 404)
        }
    }

    @Test("A calendar is made, changed, and says how it stands")
    func calendar() async throws {
        try await Harness().run { (site) async throws in
            let made = try await put(site, "calendars/office", Self.office)
            #expect(made.status == 201, "\(made.text)")
            #expect(made["hours.monday.0"] == "08:00-16:00")
            #expect(made["hours.sunday"] == "0 items")
            #expect(made["holidays.0.name"] == "Christmas")
            #expect(made["emergency"] == "null")
            #expect(["open", "afterHours", "holiday"].contains(made["state"]))
            #expect(made["changesAt"] != "null")
            let closing = #"{"emergency":{"open":false,"reason":"Flood","until":"2100-01-01T00:00:00Z"}}"#
            let closed = try await put(site, "calendars/office", closing)
            #expect(closed["state"] == "emergency")
            #expect(closed["stateReason"] == "Flood")
            #expect(closed["hours.friday.0"] == "08:00-12:00")
            let again = try await put(site, "calendars/office", #"{"emergency":null,"hours":{"friday":[]}}"#)
            #expect(again["emergency"] == "null")
            #expect(again["hours.friday"] == "0 items")
            #expect(again["hours.monday.0"] == "08:00-16:00")
            #expect(try await site.ask(.get, "/api/v1/calendars")["items.0.id"] == "office")
            #expect(try await site.ask(.get, "/api/v1/calendars/none").status == 404)
            let never = try await put(site, "calendars/never", #"{"name":"Never","zone":"UTC"}"#)
            #expect(never["warnings.0.code"] == "neverOpen")
        }
    }

    @Test(
        "A calendar that cannot be is refused with its field",
        arguments: [
            (#"{"zone":"UTC"}"#, "name"), (#"{"name":"X"}"#, "zone"), (#"{"name":"X","zone":"Mars/Base"}"#, "zone"),
            (#"{"name":"X","zone":"UTC","hours":{"monday":["08:00-12:00","11:00-13:00"]}}"#, "hours.monday"),
            (#"{"name":"X","zone":"UTC","hours":{"monday":["18:00-02:00"]}}"#, "hours.monday"),
            (#"{"name":"X","zone":"UTC","hours":{"someday":[]}}"#, "hours.someday"),
            (#"{"name":"X","zone":"UTC","holidays":[{"date":"2026-02-30"}]}"#, "holidays[0].date"),
            (#"{"name":"X","zone":"UTC","emergency":{"reason":"?"}}"#, "emergency.open"),
        ]
    )
    func refusedCalendar(body: String, field: String) async throws {
        try await Harness().run { (site) async throws in
            let reply = try await put(site, "calendars/office", body)
            #expect(reply.status == 422)
            #expect(reply.fieldsAtFault == [field], "\(reply.text)")
            #expect(try await site.ask(.get, "/api/v1/calendars")["items"] == "0 items")
        }
    }

    @Test("The usual break reasons are listed, changed, joined by others and put out of use")
    func breakReasons() async throws {
        try await Harness().run { (site) async throws in
            let usual = try await site.ask(.get, "/api/v1/break-reasons")
            #expect(usual["items"] == "5 items")
            #expect(usual["items.1.id"] == "lunch")
            #expect(usual["items.1.version"] == "null")
            let lunch = try await put(site, "break-reasons/lunch", #"{"longestMinutes":45,"active":false}"#)
            #expect(lunch.status == 200, "\(lunch.text)")
            #expect(lunch["nameHans"] == "午餐")
            #expect(lunch["longestMinutes"] == "45")
            let tea = try await put(site, "break-reasons/tea", #"{"name":"Tea","paid":true,"order":5}"#)
            #expect(tea.status == 201)
            #expect(try await site.ask(.get, "/api/v1/break-reasons")["items.0.id"] == "tea")
            #expect(try await put(site, "break-reasons/nap", "{}").fieldsAtFault == ["name"])
            #expect(
                try await put(site, "break-reasons/tea", #"{"longestMinutes":0}"#).fieldsAtFault == ["longestMinutes"]
            )
            let free = try await put(site, "break-reasons/lunch", #"{"longestMinutes":null,"active":true}"#)
            #expect(free["longestMinutes"] == "null")
        }
    }
}
