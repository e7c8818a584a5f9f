import Kernel
import Testing

@Suite("Numbers that people say")
struct HumanNumberTests {
    @Test("A number reads back in any case; hyphens in the site's name are no trouble")
    func readsBack() throws {
        for name in ["north", "shenzhen-2", "a"] {
            let number = HumanNumber(site: try #require(SiteID(name)), counter: 1_042)
            #expect(number.text.hasPrefix(name.uppercased() + "-1042-"))
            #expect(HumanNumber(text: number.text) == number)
            #expect(HumanNumber(text: number.text.lowercased()) == number)
        }
    }

    @Test("The check digit is Luhn's")
    func luhn() throws {
        // ISO 6166 gives US0378331005 as an example: body US037833100, check digit 5. Here the zero
        // belongs to the site's name.
        let padded = try #require(SiteID("us0"))
        #expect(HumanNumber(site: padded, counter: 37_833_100).checkDigit == 5)
    }

    @Test("Every wrong single digit is caught")
    func wrongDigit() throws {
        let text = HumanNumber(site: try #require(SiteID("north")), counter: 1_042).text
        for (place, character) in text.enumerated() where character.isNumber {
            for digit in "0123456789" where digit != character {
                var wrong = Array(text)
                wrong[place] = digit
                #expect(HumanNumber(text: String(wrong)) == nil)
            }
        }
    }

    @Test("Other text is no number", arguments: ["", "NORTH", "NORTH-1", "NORTH--1", "-1-1", "NORTH-01042-7", "Ä-1-1"])
    func other(text: String) {
        #expect(HumanNumber(text: text) == nil)
    }
}
