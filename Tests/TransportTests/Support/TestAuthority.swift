import Glibc
import Transport

/// A throw-away authority and certificates of every kind that the tests need, made once per run by `openssl`.
struct TestAuthority: Sendable {
    /// The folder with all files.
    let folder: String

    /// The one of this run.
    static let shared = TestAuthority()

    private init() {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/tandem-pki-XXXXXX".utf8CString)
        folder = mkdtemp(&template).map { String(cString: $0) } ?? base
        let status = system("cd '\(folder)' && (\(TestAuthority.script)) > log 2>&1")
        atexit { _ = system("rm -rf '\(TestAuthority.shared.folder)'") }
        precondition(status == 0, "openssl could not make the test certificates: see \(folder)/log")
    }

    /// The configuration of a certificate; `authority` is `ca` or the stranger's `other-ca`.
    func configuration(
        _ name: String,
        authority: String = "ca",
        cluster: String = "test",
        applicationProtocol: String = "tandem/1"
    ) -> TLSConfiguration {
        TLSConfiguration(
            certificateFile: "\(folder)/\(name).pem",
            keyFile: "\(folder)/\(name).key",
            authorityFile: "\(folder)/\(authority).pem",
            cluster: cluster,
            applicationProtocol: applicationProtocol
        )
    }

    /// A context of a certificate.
    func context(_ name: String, authority: String = "ca", cluster: String = "test") throws -> TLSContext {
        try TLSContext(configuration(name, authority: authority, cluster: cluster))
    }

    /// Certificates: name, authority, days, alternative names.
    private static let script = """
        set -e
        key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
        for ca in ca other-ca twin-ca; do
            # The twin has the same name as ours and another key.
            key $ca; openssl req -x509 -new -key $ca.key -out $ca.pem -subj "/CN=${ca#twin-}" -days 2
        done
        issue() {
            key "$1"
            openssl req -new -key "$1.key" -out "$1.csr" -subj "/CN=$1"
            printf 'subjectAltName=%s\\n' "$4" > "$1.ext"
            openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days "$3" \
                -extfile "$1.ext" -out "$1.pem"
        }
        issue east ca 2 URI:tandem://test/east
        issue north ca 2 URI:tandem://test/north
        issue south ca 2 URI:tandem://test/south
        issue west ca 2 URI:tandem://test/west
        issue central ca 2 URI:tandem://test/central
        issue revoked ca 2 URI:tandem://test/east
        issue newer ca 2 URI:tandem://test/east
        issue expired ca -1 URI:tandem://test/east
        issue stranger other-ca 2 URI:tandem://test/east
        issue impostor twin-ca 2 URI:tandem://test/east
        issue foreign ca 2 URI:tandem://elsewhere/east
        issue double ca 2 URI:tandem://test/east,URI:tandem://test/north
        issue nameless ca 2 DNS:east.example
        issue odd ca 2 URI:tandem://test/East/x
        cp revoked.key future.key; cp revoked.csr future.csr; cp revoked.ext future.ext
        printf '%s\n' '[ca]' default_ca=any '[any]' database=index.txt serial=future.srl new_certs_dir=. \
            default_md=sha256 policy=names '[names]' commonName=supplied > future.cnf
        touch index.txt; echo 0F > future.srl
        openssl ca -batch -config future.cnf -cert ca.pem -keyfile ca.key -in future.csr -extfile future.ext \
            -notext -startdate 20480101000000Z -enddate 20490101000000Z -out future.pem
        echo nonsense > nonsense.pem
        """
}
