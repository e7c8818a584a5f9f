/// RFC 4475 §3.2 to §3.4: well-formed messages that ask for something odd, or are older than RFC 3261.
extension TortureCase {
    static let application = [
        TortureCase(
            "badbranch",
            request("OPTIONS", "sip:user@example.com", via: "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK"),
            .answer(200)
        ),
        TortureCase(
            "insuf",
            """
            INVITE sip:user@example.com SIP/2.0
            CSeq: 193942 INVITE
            Via: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKkdj.insuf
            Content-Length: 0


            """,
            .answer(400)
        ),
        TortureCase("unkscm", request("OPTIONS", "nobodyKnowsThisScheme:totallyopaquecontent"), .answer(416)),
        TortureCase("novelsc", request("OPTIONS", "soap.beep://192.0.2.103:3002"), .answer(416)),
        TortureCase(
            "unksm2",
            request("REGISTER", "sip:example.com", from: "<http://www.example.com>;tag=23", to: "isbn:2983792873"),
            .answer(404)
        ),
        TortureCase(
            "bext01",
            request(
                "OPTIONS",
                "sip:user@example.com",
                extra: "Require: noneKnowsThis, norThat\nProxy-Require: noProxyKnowsThis, norThat"
            ),
            .answer(420)
        ),
        TortureCase(
            "invut",
            request("INVITE", "sip:user@example.com", extra: "Content-Type: application/unknownformat", body: "<odd/>"),
            .answer(415)
        ),
        TortureCase(
            "regaut01",
            request("REGISTER", "sip:example.com", extra: "Authorization: NoOneKnowsThisScheme opaque-data=here"),
            .answer(401)
        ),
        TortureCase(
            "multi01",
            request(
                "INVITE",
                "sip:user@company.example.com",
                extra: """
                    CSeq: 59 INVITE
                    Call-ID: multi01.again@192.0.2.25
                    From: <sip:other@example.net>;tag=3413415
                    To: <sip:user@example.com>
                    Max-Forwards: 5
                    """
            ),
            .answer(400)
        ),
        TortureCase(
            "mcl01",
            request("OPTIONS", "sip:user@example.com", extra: "Content-Length: 13\nContent-Length: 5", hasLength: false)
                + "What is this?",
            .answer(400),
            stream: [.closed]
        ),
        TortureCase("bcast", response("200 OK", extra: "Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23\n")),
        // Nothing is forwarded from here, and peers probe the next hop with just this.
        TortureCase("zeromf", request("OPTIONS", "sip:user@example.com", hops: "0"), .answer(200)),
        TortureCase(
            "cparam01",
            request("REGISTER", "sip:example.com", extra: "Contact: sip:+19725552222@gw1.example.net;unknownparam"),
            .answer(401)
        ),
        TortureCase(
            "cparam02",
            request("REGISTER", "sip:example.com", extra: "Contact: <sip:+19725552222@gw1.example.net;unknownparam>"),
            .answer(401)
        ),
        TortureCase(
            "regescrt",
            request(
                "REGISTER",
                "sip:example.com",
                extra: "Contact: <sip:user@example.com?Route=%3Csip:sip.example.com%3E>"
            ),
            .answer(401)
        ),
        // The owner answers with what the caller does not want to read; the caller then hangs up.
        TortureCase(
            "sdp01",
            request("INVITE", "sip:user@example.com", extra: "Accept: text/nobodyKnowsThis"),
            .call("user")
        ),
        // Without a tag of From the calls of one switchboard could not be told apart: RFC 2543 ends here.
        TortureCase(
            "inv2543",
            """
            INVITE sip:UserB@example.com SIP/2.0
            Via: SIP/2.0/UDP gateway.example.com
            From: <sip:+13035551111@client.example.net;user=phone>
            Record-Route: <sip:UserB@example.com;maddr=ss1.example.com>
            To: sip:+16505552222@ss1.example.net;user=phone
            Call-ID: inv2543.1717@client.example.com
            CSeq: 56 INVITE
            Content-Type: application/sdp
            Content-Length: 8

            v=0
            s=-
            """,
            .answer(400)
        ),
    ]
}
