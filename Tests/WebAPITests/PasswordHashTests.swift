import Testing
import WebAPI

@Suite("Password hashes")
struct PasswordHashTests {
    @Test("A hash accepts its password and no other, also after writing and reading")
    func accepts() throws {
        let hash = try PasswordHash.make("correct horse", cost: Harness.cost)
        let read = try #require(PasswordHash(hash.text))
        #expect(read.accepts("correct horse"))
        #expect(!read.accepts("correct horse "))
        #expect(!read.accepts(""))
        #expect(hash.text.hasPrefix("$scrypt$ln=2,r=1,p=1$"))
    }

    @Test("Equal passwords have unequal hashes")
    func salted() throws {
        let first = try PasswordHash.make("same", cost: Harness.cost).text
        #expect(try PasswordHash.make("same", cost: Harness.cost).text != first)
    }

    @Test("The derivation is the one of RFC 7914 §12")
    func vector() throws {
        // scrypt("password", "NaCl" …) needs a longer salt here; this one was made with Python's hashlib.scrypt:
        // password "pässword", salt 16 × 0x2A, n 1024, r 8, p 2, 32 bytes.
        let text = "$scrypt$ln=10,r=8,p=2$KioqKioqKioqKioqKioqKg$z2C5UWS9CeF90NY9dJCVPatl0sfDmhAO3XskWRC0zXA"
        let hash = try #require(PasswordHash(text))
        #expect(hash.accepts("pässword"))
        #expect(hash.accepts("pa\u{308}ssword"))
        #expect(!hash.accepts("password"))
    }

    @Test(
        "Damaged texts and costs beyond reason are not taken",
        arguments: [
            "", "plain", "$scrypt$", "$scrypt$ln=2,r=1$KioqKioqKio$KioqKioqKioqKioqKioqKg",
            "$scrypt$ln=40,r=1,p=1$KioqKioqKio$KioqKioqKioqKioqKioqKg",
            "$scrypt$ln=17,r=16,p=16$KioqKioqKio$KioqKioqKioqKioqKioqKg",
            "$scrypt$ln=2,r=1,p=-1$KioqKioqKio$KioqKioqKioqKioqKioqKg",
            "$scrypt$ln=2,r=1,p=1$!!$KioqKioqKioqKioqKioqKg",
            "$bcrypt$ln=2,r=1,p=1$KioqKioqKio$KioqKioqKioqKioqKioqKg", "$scrypt$ln=2,r=1,p=1$KioqKioqKio$Kio",
        ]
    )
    func damaged(text: String) {
        #expect(PasswordHash(text) == nil)
    }
}
