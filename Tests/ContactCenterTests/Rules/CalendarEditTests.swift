import ContactCenter
import Kernel
import Testing

@Suite("Editing calendars and break reasons")
struct CalendarEditTests {
    private let id = CalendarID("office")

    private func full() -> CalendarChange {
        var change = CalendarChange()
        change.name = "Office"
        change.zone = "Europe/Berlin"
        change.hours = [.monday: ["13:00-17:00", "08:00-12:00"], .sunday: []]
        change.holidays = [
            .init(date: "*-01-01", name: "New Year; and hangover"),
            .init(date: "2026-12-24", name: "Eve", hours: ["08:00-12:00"]),
        ]
        change.emergency = EmergencyOverride(isOpen: false, reason: "flood", until: WallTime(milliseconds: 5_000))
        return change
    }

    @Test("A calendar comes back as it was written, and writing it again changes nothing")
    func roundTrip() throws {
        var site = MemorySite()
        site.commit([try full().put(id)])
        let document = try #require(site.only(Schema.calendar))
        let calendar = try #require(Calendar(document))
        #expect(calendar.name == "Office")
        #expect(calendar.zone == "Europe/Berlin")
        #expect(calendar.hours(of: .monday).texts == ["08:00-12:00", "13:00-17:00"])
        #expect(calendar.hours(of: .tuesday) == .closed)
        #expect(calendar.holidays.map(\.date) == ["*-01-01", "2026-12-24"])
        #expect(calendar.holidays.map(\.name) == ["New Year; and hangover", "Eve"])
        #expect(calendar.holidays.map(\.hours.texts) == [[], ["08:00-12:00"]])
        #expect(
            calendar.emergency
                == EmergencyOverride(isOpen: false, reason: "flood", until: WallTime(milliseconds: 5_000))
        )
        #expect(try full().put(id, over: document).changes.isEmpty)
        var end = CalendarChange()
        end.emergency = .some(nil)
        site.commit([try end.put(id, over: document)])
        #expect(site.only(Schema.calendar).flatMap(Calendar.init)?.emergency == nil)
    }

    @Test(
        "Hours that cannot be are refused with what is wrong",
        arguments: [
            (["08:00-12:00", "11:59-13:00"], "overlap"), (["18:00-02:00"], "ends before it begins"),
            (["08:00-08:00"], "empty"), (["8-12"], "not a time"), (["08:00-24:01"], "not a time"),
            (["08:60-09:00"], "not a time"), (Array(repeating: "08:00-09:00", count: 9), "At most 8"),
        ]
    )
    func hours(texts: [String], words: String) throws {
        var change = CalendarChange()
        change.hours = [.friday: texts]
        let rejection = #expect(throws: EditRejection.self) { try change.put(id) }
        #expect(rejection?.field == "hours.friday")
        #expect(rejection?.message.contains(words) == true, "\(rejection?.message ?? "")")
    }

    @Test("Intervals that touch do not overlap")
    func touching() throws {
        #expect(try OpeningHours.checked(["12:00-24:00", "00:00-12:00"], name: "hours").minutes == 1_440)
    }

    @Test(
        "Holidays that cannot be are refused with their place",
        arguments: [("2026-02-30", "holidays[1].date"), ("*-12-24", "holidays[1].date"), ("soon", "holidays[1].date")]
    )
    func holidays(date: String, field: String) throws {
        var change = CalendarChange()
        change.holidays = [.init(date: "*-12-24", name: "Eve"), .init(date: date, name: "X")]
        #expect(#expect(throws: EditRejection.self) { try change.put(id) }?.field == field)
    }

    @Test("A yearly holiday on 29 February counts in leap years only")
    func leapDay() throws {
        let day = try #require(Holiday.day("*-02-29"))
        let holiday = Holiday(day: day, name: "Leap")
        #expect(holiday.falls(on: try #require(CalendarDate("2028-02-29"))))
        #expect(!holiday.falls(on: try #require(CalendarDate("2027-03-01"))))
    }

    @Test("Two sites add holidays at once: both stay")
    func holidaysMerge() throws {
        var north = MemorySite("north")
        var east = MemorySite("east")
        var first = CalendarChange()
        first.holidays = [.init(date: "2026-10-01", name: "One")]
        var second = CalendarChange()
        second.holidays = [.init(date: "2026-10-03", name: "Two")]
        let one = north.commit([try first.put(id)])
        let two = east.commit([try second.put(id)])
        north.apply(two)
        east.apply(one)
        let merged = north.only(Schema.calendar).flatMap(Calendar.init)?.holidays.map(\.name)
        #expect(merged == ["One", "Two"])
        #expect(east.only(Schema.calendar).flatMap(Calendar.init)?.holidays.map(\.name) == merged)
    }

    @Test("The usual break reasons are there until somebody says otherwise")
    func breakReasons() throws {
        #expect(BreakReason.all(recorded: []).map(\.id.key) == ["break", "lunch", "training", "backOffice", "meeting"])
        var site = MemorySite()
        var change = BreakReasonChange()
        change.longestMinutes = .some(45)
        change.order = 5
        site.commit([try change.put(BreakReasonID("lunch"))])
        let lunch = try #require(site.only(Schema.breakReason).flatMap(BreakReason.init))
        #expect(lunch.name == "Lunch")
        #expect(lunch.nameHans == "午餐")
        #expect(!lunch.isPaid)
        #expect(lunch.longestMinutes == 45)
        #expect(
            BreakReason.all(recorded: [lunch]).map(\.id.key) == ["lunch", "break", "training", "backOffice", "meeting"]
        )
        change.longestMinutes = .some(0)
        #expect(#expect(throws: EditRejection.self) { try change.put(BreakReasonID("tea")) }?.field == "longestMinutes")
        #expect(throws: EditRejection.self) { try BreakReasonChange().put(BreakReasonID("a/b")) }
    }

    @Test("What queues say of announcements and recordings came at level 3")
    func lineLevel() {
        #expect(DocumentSchema.newestLevel >= 3)
        for number in UInt16(22)...27 {
            #expect(Schema.documents.field(FieldID(number), of: Schema.queue)?.since == 3)
        }
        #expect(Schema.documents.field(AgentField.answersOn, of: Schema.agent)?.since == 3)
        #expect(Schema.documents.field(AgentField.sipDigestSHA256, of: Schema.agent)?.since == 3)
    }

    @Test("Every new field came at level 2 of the schema, so that older sites are not written to")
    func level() {
        #expect(DocumentSchema.newestLevel >= 2)
        for field in [QueueField.relaxation, QueueField.overflow, QueueField.calendar, QueueField.closedAction] {
            #expect(Schema.documents.field(field, of: Schema.queue)?.since == 2)
        }
        for day in Weekday.allCases {
            #expect(Schema.documents.field(CalendarField.hours(of: day), of: Schema.calendar)?.since == 2)
        }
        #expect(Schema.documents.field(CalendarField.holidays, of: Schema.calendar)?.kind == .set)
        #expect(Schema.documents.field(BreakReasonField.order, of: Schema.breakReason)?.since == 2)
        #expect(Schema.documents.field(QueueField.name, of: Schema.queue)?.since == 1)
    }
}
