import Glibc
import Kernel
import TestKit
import Testing
import Transport

@Suite("Lists of revoked certificates")
struct RevocationListTests {
    @Test(
        "A serial number is read however tools write it",
        arguments: ["3A:0F:22", "3a0f22", "0x3A0F22", "003a0f22", "3A0f:22"]
    )
    func spellings(text: String) {
        #expect(CertificateSerial(text)?.description == "3a0f22")
    }

    @Test(
        "What is no serial number is not taken for one",
        arguments: ["", ":", "0x", "12g4", "3a:", "-1", "３a", String(repeating: "f", count: 41), "3a 0f"]
    )
    func nonsense(text: String) {
        #expect(CertificateSerial(text) == nil)
    }

    @Test("Serial numbers are ordered as numbers")
    func order() {
        let texts = ["ff", "100", "9", "0a1"].compactMap { CertificateSerial($0) }
        #expect(texts.sorted().map(\.description) == ["9", "a1", "ff", "100"])
    }

    @Test("A list holds a certificate a line, with notes; comments and empty lines mean nothing")
    func reading() throws {
        let list = try RevocationList(
            text: "# lost keys\n\n3A:0F 2026-11-20 laptop stolen # by whom?\r\n  0b\n3a0f later\n"
        )
        #expect(list.serials.map(\.description) == ["b", "3a0f"])
        #expect(list.serials.map { list.notes[$0] } == ["", "later"])
        let (known, unknown) = (try #require(CertificateSerial("3A0F")), try #require(CertificateSerial("3a")))
        #expect(list.contains(known) && !list.contains(unknown))
    }

    @Test("A line that is no entry makes the list invalid, and is named")
    func badLine() {
        #expect(throws: RevocationList.Problem.self) { try RevocationList(text: "3a0f\neast.pem lost\n") }
        do {
            _ = try RevocationList(text: "3a0f\neast.pem lost\n")
        } catch {
            #expect("\(error)".contains("line 2: 'east.pem' is no serial number"))
        }
        let long = String(repeating: "#", count: Limits.revocationListBytesMax + 1)
        #expect(throws: RevocationList.Problem.self) { try RevocationList(text: long) }
    }

    @Test("Text at random never crashes the reader", arguments: Seeds.first(200))
    func noise(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let letters = Array("0123456789abcdefAF:x \n\r\t#é\u{0}")
        let text = String((0..<200).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
        if let list = try? RevocationList(text: text) {
            #expect(list.serials.allSatisfy { list.contains($0) })
        }
    }

    @Test("The serial number of a certificate is the one that OpenSSL prints")
    func serialOfCertificate() throws {
        let context = try TestAuthority.shared.context("east")
        let file = context.configuration.certificateFile
        let printed = "$(openssl x509 -in '\(file)' -noout -serial | tr A-F a-f | sed 's/serial=0*//')"
        #expect(system("test \"\(printed)\" = '\(context.identity.serial)'") == 0)
        #expect(context.authorityExpiresAt != nil)
        #expect(context.identity.validFrom < SystemClock.wall)
        #expect(try TestAuthority.shared.context("stranger").authorityExpiresAt == nil)
    }
}
