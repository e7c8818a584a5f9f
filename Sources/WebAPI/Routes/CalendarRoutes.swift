import ContactCenter
import HTTPTypes
import Hummingbird
import Kernel

/// Calendars: opening hours, holidays, emergency closing.
struct CalendarRoutes: Sendable {
    let gateway: any SiteGateway
    let clock: WebClock

    func add(to router: EndpointRouter) {
        router.on(.calendars) { _ in
            var items: [CalendarResource] = []
            for document in try await gateway.documents(of: Schema.calendar) {
                if let calendar = ContactCenter.Calendar(document) { items.append(try await resource(calendar)) }
            }
            return try .json(ListResource(items: items))
        }
        router.on(.calendar) { call in
            let calendar = try await read(CalendarID(try call.variable("id")))
            return try .versioned(calendar, version: calendar.version, request: call.request)
        }
        router.on(.putCalendar) { call in try await put(call, mustExist: false) }
        router.on(.changeCalendar) { call in try await put(call, mustExist: true) }
    }

    private func read(_ id: CalendarID) async throws -> CalendarResource {
        guard let document = try await gateway.document(id.documentID),
            let calendar = ContactCenter.Calendar(document)
        else { throw Problem.notFound("There is no such calendar.") }
        return try await resource(calendar)
    }

    private func resource(_ calendar: ContactCenter.Calendar) async throws -> CalendarResource {
        let now = clock.wall()
        return CalendarResource(calendar, zone: try await gateway.zone(calendar.zone, at: now), at: now)
    }

    private func put(_ call: Call, mustExist: Bool) async throws -> Answer {
        let id = CalendarID(try call.variable("id"))
        let what = "calendar"
        let put = try await RulePut(id.documentID, what: what, mustExist: mustExist, call: call, gateway: gateway)
        var fields = try call.fields()
        let change = CalendarFields.change(&fields, isNew: put.document == nil)
        if let zone = change.zone, try await gateway.zone(zone, at: clock.wall()) == nil {
            fields.fail("zone", "is no time zone; use a name of the IANA database, such as Europe/Berlin")
        }
        try fields.finish()
        let receipt = try await put.commit(try change.put(id, over: put.document))
        let calendar = try await read(id)
        let warnings = try await RuleBook(gateway).rules().warnings(of: id.documentID)
        let body = WrittenRule(
            resource: calendar,
            receipt: ReceiptResource(receipt),
            warnings: warnings.map(RoutingFindingResource.init)
        )
        return try .versioned(body, version: calendar.version, request: call.request, status: put.status)
            .telling(receipt)
    }
}

/// The fields of a calendar in a request.
enum CalendarFields {
    static func change(_ fields: inout BodyFields, isNew: Bool) -> CalendarChange {
        var change = CalendarChange()
        let name = fields.line("name")
        let zone = fields.line("zone")
        if isNew || name.isCleared { _ = fields.require("name", name) }
        if isNew || zone.isCleared { _ = fields.require("zone", zone) }
        change.name = name.value
        change.zone = zone.value
        let hours = fields.object("hours") { fields -> [Weekday: [String]]? in
            Weekday.allCases.reduce(into: [:]) { hours, day in hours[day] = fields.list(day.name).itemsOrEmpty }
        }
        change.hours = hours.value ?? [:]
        let holidays = fields.objects("holidays", max: Limits.holidaysMax) { fields in
            let date = fields.require("date", fields.line("date"))
            let name = fields.line("name").value ?? ""
            let hours = fields.list("hours").itemsOrEmpty ?? []
            return date.map { CalendarChange.HolidayDraft(date: $0, name: name, hours: hours) }
        }
        switch holidays {
        case .absent: break
        case .cleared: change.holidays = []
        case .value(let days): change.holidays = days
        }
        let emergency = fields.object("emergency") { fields -> EmergencyOverride? in
            let isOpen = fields.require("open", fields.bool("open"))
            let reason = fields.line("reason").value ?? ""
            let until = fields.time("until").value
            return isOpen.map { EmergencyOverride(isOpen: $0, reason: reason, until: until) }
        }
        switch emergency {
        case .absent: break
        case .cleared: change.emergency = .some(nil)
        case .value(let override): change.emergency = .some(override)
        }
        return change
    }
}
