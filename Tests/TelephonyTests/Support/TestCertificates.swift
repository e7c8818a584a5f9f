import Glibc
import Transport

/// Throw-away certificates of servers and phones, made once per run by `openssl`.
struct TestCertificates: Sendable {
    /// The folder with all files.
    let folder: String

    /// Those of this run.
    static let shared = TestCertificates()

    private init() {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/tandem-sip-pki-XXXXXX".utf8CString)
        folder = mkdtemp(&template).map { String(cString: $0) } ?? base
        let status = system("cd '\(folder)' && (\(TestCertificates.script)) > log 2>&1")
        atexit { _ = system("rm -rf '\(TestCertificates.shared.folder)'") }
        precondition(status == 0, "openssl could not make the test certificates: see \(folder)/log")
    }

    /// A context that shows a certificate (nil: none) and trusts an authority (nil: the system's).
    func context(
        _ name: String?,
        authority: String? = "ca",
        asksClients: Bool = false
    ) throws -> TLSServiceContext {
        try TLSServiceContext(
            TLSServiceConfiguration(
                certificateFile: name.map { "\(folder)/\($0).pem" },
                keyFile: name.map { "\(folder)/\($0).key" },
                authorityFile: authority.map { "\(folder)/\($0).pem" },
                requiresClientCertificate: asksClients
            )
        )
    }

    /// `node` and `phone` are of our authority, `stranger` of another; `late` was good until yesterday.
    private static let script = """
        set -e
        key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
        for ca in ca other-ca; do
            key $ca; openssl req -x509 -new -key $ca.key -out $ca.pem -subj "/CN=$ca" -days 2
        done
        issue() {
            key "$1"
            openssl req -new -key "$1.key" -out "$1.csr" -subj "/CN=$1"
            printf 'subjectAltName=%s\\n' "$4" > "$1.ext"
            openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days "$3" \
                -extfile "$1.ext" -out "$1.pem"
        }
        issue node ca 2 DNS:sip.example.test,IP:127.0.0.1
        issue named ca 2 DNS:sip.example.test
        issue phone ca 2 DNS:phone.example.test
        issue stranger other-ca 2 DNS:sip.example.test,IP:127.0.0.1
        issue late ca -1 DNS:sip.example.test,IP:127.0.0.1
        """
}
