import Kernel
import Testing
import Transport

@Suite("TLS certificates and keys")
struct TLSContextTests {
    private let authority = TestAuthority.shared

    @Test("A site's own certificate tells who it is and until when")
    func identity() throws {
        let context = try authority.context("east")
        #expect(context.identity.site == SiteID("east"))
        #expect(context.identity.cluster == "test")
        let left = context.identity.expiresAt - SystemClock.wall
        #expect(left > .seconds(86_400) && left <= .seconds(2 * 86_400))
    }

    @Test("A file that is missing or holds no certificate is named")
    func badFiles() {
        var missing = authority.configuration("east")
        missing.certificateFile = "/nowhere/east.pem"
        expect(missing, .tlsFile, "/nowhere/east.pem")
        var nonsense = authority.configuration("east")
        nonsense.certificateFile = authority.folder + "/nonsense.pem"
        expect(nonsense, .tlsFile, "nonsense.pem holds no certificate")
        var authorityless = authority.configuration("east")
        authorityless.authorityFile = authority.folder + "/nonsense.pem"
        expect(authorityless, .tlsFile, "nonsense.pem holds no authority's certificate")
    }

    @Test("A key that belongs to another certificate is named")
    func wrongKey() {
        var mixed = authority.configuration("east")
        mixed.keyFile = authority.configuration("north").keyFile
        expect(mixed, .tlsFile, "north.key is not the private key of")
    }

    @Test("A certificate must name exactly one site of this cluster")
    func wrongNames() {
        expect(authority.configuration("double"), .tlsIdentityWrong, "names 2 sites")
        expect(authority.configuration("nameless"), .tlsIdentityWrong, "names no site")
        expect(authority.configuration("odd"), .tlsIdentityWrong, "names no site")
        expect(authority.configuration("foreign"), .tlsClusterWrong, "is for cluster elsewhere")
    }

    @Test("An application protocol needs a name")
    func protocolName() {
        expect(authority.configuration("east", applicationProtocol: ""), .tlsFailed, "1 to 255 bytes")
    }

    private func expect(_ configuration: TLSConfiguration, _ code: TransportError.Code, _ words: String) {
        do {
            _ = try TLSContext(configuration)
            Issue.record("It was accepted")
        } catch {
            #expect(error.code == code)
            #expect(error.message.contains(words), "\(error.message)")
        }
    }
}
