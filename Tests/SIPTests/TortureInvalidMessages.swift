/// RFC 4475 §3.1.2: messages that break the grammar.
///
/// Where the RFC leaves a choice, what says nothing wrong about the call is passed over; all else is refused.
extension TortureCase {
    static let invalid = [
        // More separators than values: they say nothing, so the call is taken.
        TortureCase(
            "badinv01",
            request(
                "INVITE",
                "sip:user@example.com",
                extra: "Contact: <sip:joe@example.com>;;;;",
                via: "SIP/2.0/UDP 192.0.2.15;;,;,,"
            ),
            .call("user")
        ),
        // Over a connection the rest may still come; its time is up when the connection closes.
        TortureCase(
            "clerr",
            request("INVITE", "sip:user@example.com", extra: "L: 9999", hasLength: false),
            .answer(400),
            stream: []
        ),
        TortureCase(
            "ncl",
            request("INVITE", "sip:user@example.com", extra: "Content-Length: -999", hasLength: false),
            .answer(400),
            stream: [.closed]
        ),
        TortureCase(
            "scalar02",
            request(
                "REGISTER",
                "sip:example.com",
                extra: "Expires: 1\(times(60, "0"))\nContact: <sip:user@host129.example.com>;expires=280297596632815",
                sequence: "36893488147419103232 REGISTER",
                hops: "300"
            ),
            .answer(400)
        ),
        TortureCase(
            "scalarlg",
            response(
                "503 Service Unavailable",
                sequence: "9292394834772304023312 OPTIONS",
                extra: "Retry-After: 949302838503028349304023988\nWarning: 1812 overture \"In Progress\"\n"
            )
        ),
        TortureCase(
            "quotbal",
            request("INVITE", "sip:user@example.com", to: "\"Mr. J. User <sip:j.user@example.com>"),
            .answer(400)
        ),
        TortureCase("escruri", request("INVITE", "sip:user@example.com?Route=%3Csip:example.com%3E"), .call("user")),
        TortureCase(
            "baddate",
            request("INVITE", "sip:user@example.com", extra: "Date: Fri, 01 Jan 2010 16:00:00 EST"),
            .call("user")
        ),
        // Who may not register is told so before anybody looks at the Contact.
        TortureCase(
            "regbadct",
            request(
                "REGISTER",
                "sip:example.com",
                extra: "Contact: sip:user@example.com?Route=%3Csip:sip.example.com%3E"
            ),
            .answer(401)
        ),
        TortureCase(
            "badaspec",
            request("OPTIONS", "sip:user@example.org", to: "\"Watson, Thomas\" < sip:t.watson@example.org >"),
            .answer(200)
        ),
        TortureCase(
            "baddn",
            request("OPTIONS", "sip:user@example.org", from: "Bell, Alexander <sip:a.g.bell@example.com>;tag=43"),
            .answer(200)
        ),
        TortureCase(
            "badvers",
            request(
                "OPTIONS",
                "sip:user@example.org",
                via: "SIP/7.0/UDP c.example.com;branch=z9hG4bKkdjuw",
                version: "SIP/7.0"
            ),
            .answer(505)
        ),
        TortureCase("mismatch01", request("OPTIONS", "sip:user@example.com", sequence: "8 INVITE"), .answer(400)),
        TortureCase("mismatch02", request("NEWMETHOD", "sip:user@example.com", sequence: "8 INVITE"), .answer(400)),
        TortureCase("bigcode", response("4294967301 better not break the receiver"), stream: [.closed]),
    ]

    /// First lines that can be read one way only, but break the grammar: the sender is told.
    static let starts = [
        TortureCase("ltgtruri", request("INVITE", "<sip:user@example.com>"), .answer(400)),
        TortureCase("lwsruri", request("INVITE", "sip:user@example.com; lr"), .answer(400)),
        TortureCase("lwsstart", request("INVITE", " sip:user@example.com "), .answer(400)),
        TortureCase("trws", request("OPTIONS", "sip:remote-target@example.com", version: "SIP/2.0  "), .answer(400)),
    ]
}
