import Foundation
import SwiftASN1
import X509

/// A host name or numeric address for a certificate's alternative names.
struct SubjectHost {
    let generalName: GeneralName

    /// Takes `north.example`, `192.0.2.1` or `2001:db8::1`.
    init(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            generalName = .ipAddress(withUnsafeBytes(of: &four) { ASN1OctetString(contentBytes: ArraySlice($0)) })
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            generalName = .ipAddress(withUnsafeBytes(of: &six) { ASN1OctetString(contentBytes: ArraySlice($0)) })
        } else {
            generalName = .dnsName(text)
        }
    }
}
