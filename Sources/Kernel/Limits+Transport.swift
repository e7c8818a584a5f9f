// Bounds of the loop and of the sockets on it.

extension Limits {
    /// Jobs run in one turn of the loop before sockets and timers get theirs: at 70 ns a hop about 0.3 ms.
    package static let loopJobsPerTurnMax = 4_096
    /// The one buffer that all sockets of a loop read into: libuv cuts it into 64 KiB slots, one a datagram,
    /// so that one system call brings up to 16 of them.
    package static let loopReadBufferBytes = 16 * 65_536
    /// Asked of the kernel for each UDP socket: at 2,000 calls a second and 1 KB a message it bridges a pause of about
    /// half a second.
    ///
    /// The kernel grants no more than `net.core.rmem_max`.
    package static let udpReceiveBufferBytes = 4 * 1_024 * 1_024
    /// Datagrams that wait in the process when the kernel's send buffer is full.
    ///
    /// Beyond, they are dropped and counted: whoever sends by UDP repeats anyway, and an old datagram is worth less
    /// than a new one.
    package static let udpSendQueueMax = 1_024
    /// Largest payload that fits a UDP datagram over IPv4 (65,535 less the headers).
    package static let datagramBytesMax = 65_507
    /// What one TCP connection may hold unsent before its writer is told to wait.
    package static let tcpWriteQueueBytesMax = 1_024 * 1_024
    /// Connections that the kernel keeps for us until they are accepted.
    package static let tcpListenBacklog: Int32 = 512
    /// Longest wait for a TCP connection to be made when the caller names none.
    package static let tcpConnectTimeout = Span.seconds(5)
    /// How long a connection that said its last word waits for the other side's end before it is closed.
    package static let tcpLingerTimeout = Span.seconds(1)
    /// Longest TLS handshake; across continents it takes three round trips, so well under a second.
    package static let tlsHandshakeTimeout = Span.seconds(5)
    /// Plaintext of one TLS record at most (RFC 8446 section 5.1), so one read brings one record.
    package static let tlsPlaintextPieceBytes = 16_384
    /// Names of a certificate that are looked at; ours has one.
    package static let certificateNamesMax = 64
    /// Certificates between a site's and the authority's.
    package static let certificateChainDepthMax = 4
    /// A list of revoked certificates: 10,000 lines with a date and a reason each, more than any cluster will revoke.
    package static let revocationListBytesMax = 1_024 * 1_024
    /// Largest answer of a name server that is read; the resolver takes more than 512 bytes by TCP.
    package static let dnsAnswerBytesMax = 16_384
    /// Records of one answer that are looked at.
    package static let dnsRecordsMax = 64
    /// Jumps within one name of a DNS message: each leads back, so that a name of 255 bytes needs no more.
    package static let dnsJumpsMax = 127
    /// How long one name server is waited for, and how often it is asked; a stop of the node waits no longer either.
    package static let dnsWait = (seconds: 2, tries: 2)
}
