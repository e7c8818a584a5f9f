import ContactCenter
import Kernel
import TestKit
import Testing

@Suite("Phone numbers")
struct PhoneNumberTests {
    @Test(
        "Ways to write a number come to one form",
        arguments: [
            ("+49 (30) 123-456", "+4930123456"), ("030/123 456", "030123456"),
            ("sip:+4930123456@carrier;x=1", "+4930123456"),
            ("tel:+1-201-555-0123;ext=1", "+12015550123"), ("１２３", "123"), ("SIP:100@north", "100"), ("8.8.8", "888"),
        ]
    )
    func normal(_ pair: (String, String)) {
        #expect(PhoneNumber.normalised(pair.0) == pair.1)
    }

    @Test("What is no number is none", arguments: ["", "+", "abc", "12+3", "++1", "anonymous", "1x2", "sip:@host"])
    func none(text: String) {
        #expect(PhoneNumber.normalised(text) == nil)
        #expect(PhoneNumber.matchKeys(text).isEmpty)
    }

    @Test("Too many digits are none, and normalising twice changes nothing", arguments: Seeds.first(50))
    func laws(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let alphabet = Array("0123456789+- ()./x")
        let text = String((0..<24).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] })
        if let number = PhoneNumber.normalised(text) {
            #expect(PhoneNumber.normalised(number) == number)
            #expect(PhoneNumber.likeness(text, number) >= 1)
        }
        #expect(PhoneNumber.normalised(String(repeating: "1", count: Limits.phoneDigitsMax + 1)) == nil)
    }

    @Test("A number is found by its national, international and local forms, strongest first")
    func keys() {
        #expect(PhoneNumber.matchKeys("+49 30 1234567") == ["49301234567", "9301234567", "1234567"])
        #expect(PhoneNumber.matchKeys("0049301234567") == PhoneNumber.matchKeys("+49 30 1234567"))
        #expect(PhoneNumber.likeness("030 1234567", "+49301234567") == 7)
        #expect(PhoneNumber.likeness("+49301234567", "0049 30 1234567") == 11)
        #expect(PhoneNumber.likeness("1001", "1001") == 4)
        #expect(PhoneNumber.likeness("1001", "2001") == 0)
        #expect(PhoneNumber.matchKeys("0") == ["0"])
    }
}

@Suite("Skills")
struct SkillTests {
    @Test("Skills are read and written; what is none is refused")
    func parse() {
        #expect(Skill("product-x:2")?.description == "product-x:2")
        #expect(Skill("Sales")?.description == "sales:1")
        for text in [
            "", ":2", "x:0", "x:10", "x:-1", "x:+2", "a b:1", "x:1:2", "a,b", "x:", String(repeating: "x", count: 49),
        ] {
            #expect(Skill(text) == nil, "\(text)")
        }
    }

    @Test("A set satisfies a demand exactly when each skill is there at its level", arguments: Seeds.first(60))
    func satisfies(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        func any() -> [Skill] {
            (0..<Int.random(in: 0...5, using: &random)).compactMap { _ in
                Skill(
                    name: ["a", "b", "c", "d"][Int.random(in: 0..<4, using: &random)],
                    level: UInt8.random(in: 1...4, using: &random)
                )
            }
        }
        let (has, wants) = (any(), any())
        let expected = wants.allSatisfy { want in has.contains { $0.name == want.name && $0.level >= want.level } }
        #expect(SkillSet(has).satisfies(SkillSet(wants)) == expected)
        #expect((SkillSet(has).firstGap(to: SkillSet(wants)) == nil) == expected)
    }
}
