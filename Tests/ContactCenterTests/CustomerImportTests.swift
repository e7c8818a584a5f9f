import ContactCenter
import Kernel
import TestKit
import Testing

@Suite("Customer import")
struct CustomerImportTests {
    private func read(_ text: String) -> ImportFile {
        ImportFile(Array(text.utf8), columns: CustomerImport.columns, required: ["name"])
    }

    private func planned(_ text: String, in site: MemorySite = MemorySite()) -> CustomerImport {
        CustomerImport.plan(read(text).rows) { key in
            site.documents.values.first { document in
                guard let customer = Customer(document) else { return false }
                var patch = CustomerPatch()
                patch.name = customer.name
                patch.organisationName = customer.organisationName
                patch.phones = customer.phones
                patch.emails = customer.emails
                return CustomerImport.keys(of: patch).contains(key)
            }
        }
    }

    @Test("A clean file becomes customer files")
    func clean() throws {
        let plan = planned(
            """
            name,organisation,phone,email,tier,language
            Ann Lee,Acme,+49 30 123456;0171/555,Ann@ACME.example,gold,de
            吳小明,,,wu@corp.example,,zh-Hant
            """
        )
        #expect(plan.errors.isEmpty)
        #expect(plan.created.count == 2)
        var site = MemorySite()
        site.commit([plan.created[0]])
        let ann = try #require(site.only(Schema.customer).flatMap(Customer.init))
        #expect(ann.name == "Ann Lee")
        #expect(ann.organisationName == "Acme")
        #expect(ann.phones == ["+4930123456", "0171555"])
        #expect(ann.emails == ["Ann@acme.example"])
        #expect(ann.tier == .gold)
    }

    @Test("Each broken row is named by line and column, several faults of a row all at once")
    func broken() {
        let file = read(
            """
            name,phone,tier,email
            Ann,call me,diamond,ann
            Bob,1,2
            ,,,
            Cleo,123456,gold,cleo@x.example
            ,,gold,
            """
        )
        let plan = CustomerImport.plan(file.rows) { _ in nil }
        #expect(file.errors.map(\.line) == [3])
        #expect(plan.errors.map(\.line) == [2, 2, 2, 4, 6])
        #expect(plan.errors.map(\.column) == ["tier", "phone", "email", "name", "name"])
        #expect(plan.created.count == 1)
    }

    @Test("A header with unknown, doubled or missing columns is refused by name")
    func header() {
        #expect(read("nmae,phone\n").errors.map(\.column) == ["nmae", "name"])
        #expect(read("name,name\n").errors.map(\.column) == ["name"])
        #expect(read("").errors.count == 1)
        #expect(read(" NAME , Phone \nA,1\n").errors.isEmpty)
    }

    @Test("Semicolons and tabs of other spreadsheets are understood")
    func separators() {
        #expect(read("name;phone\nA;1\n").rows.map(\.values) == [["name": "A", "phone": "1"]])
        #expect(read("name\tphone\nA\t1\n").rows.map(\.values) == [["name": "A", "phone": "1"]])
    }

    @Test("A person who stands in the file twice becomes one file with both numbers")
    func twiceInFile() throws {
        let plan = planned("name,phone,email\nAnn,111111,a@x.example\nAnn Lee,222222,A@X.example\nBob,111111,\n")
        #expect(plan.created.count == 2)
        #expect(plan.duplicates == 1)
        var site = MemorySite()
        site.commit([plan.created[0]])
        let ann = try #require(site.only(Schema.customer).flatMap(Customer.init))
        #expect(ann.name == "Ann Lee")
        #expect(ann.phones == ["111111", "222222"])
    }

    @Test("A known person gets what is new; a second import of the same file changes nothing")
    func known() throws {
        let text = "name,organisation,phone,tier\nAnn,Acme,+49 30 123456,gold\n"
        var site = MemorySite()
        site.commit(planned(text).created)
        let again = planned(text, in: site)
        #expect(again.created.isEmpty && again.updated.isEmpty)
        #expect(again.duplicates == 1)
        let more = planned("name,organisation,phone,title\nann,ACME,0171 555555,Dr\n", in: site)
        #expect(more.updated.count == 1)
        site.commit(more.updated)
        let ann = try #require(site.only(Schema.customer).flatMap(Customer.init))
        #expect(ann.phones == ["+4930123456", "0171555555"])
        #expect(ann.title == "Dr")
        #expect(ann.tier == .gold)
    }

    @Test("Two people behind one switchboard number stay two")
    func switchboard() {
        let plan = planned("name,phone\nAnn,+49 30 123456\nBob,+49 30 123456\n")
        #expect(plan.created.count == 2)
    }

    @Test("Rows that together give a person too many numbers are an error of the first of them, not a silent loss")
    func tooManyTogether() {
        let rows = (0...Limits.addressesPerPersonMax).map { "Ann,\(100_000 + $0),ann@x.example" }
        let plan = planned((["name,phone,email"] + rows).joined(separator: "\n"))
        #expect(plan.created.isEmpty)
        #expect(plan.errors.map(\.line) == [2])
        #expect(plan.errors.map(\.column) == ["phone"])
    }
}
