/// RFC 4475 §3.1.1: messages that are well formed, however odd they look.
extension TortureCase {
    static let valid =
        characters + shapes + [
            TortureCase("unreason", response("200 = 2**3 * 5**2 но сто девяносто девять - простое")),
            TortureCase("noreason", response("100 ")),
        ]

    private static let characters = [
        // A To tag makes it part of a call that nobody here knows.
        TortureCase(
            "wsinv",
            #"""
            INVITE sip:vera@desk.example.com;newparam SIP/2.0
            TO :
             sip:vera@desk.example.com ;   tag    = 4455667788n
            from   : "V Example \\\""       <sip:caller@example.com>
              ;
              tag = 12asd3
            MaX-fOrWaRdS: 0068
            Call-ID: short.tortuous@192.0.2.1
            Content-Length   : 8
            cseq: 0009
              INVITE
            Via  : SIP  /   2.0
             /UDP
                192.0.2.2;branch=abc123
            s :
            NewHeader: newest value
             folded, once more
            OddHeader: ;;,,;;,;
            Content-Type: application/sdp
            Route:
             <sip:services.example.com;lr;withvalue=x;without>
            v:  SIP  / 2.0  / TCP     spindle.example.com   ;
              branch  =   z9hG4bK9ikj8  ,
             SIP  /    2.0   / UDP  192.168.255.111   ; branch=
             z9hG4bK30239
            m:"Quoted \"\"" <sip:caller@example.com> ; more =
              value ;
              other ; q = 0.33

            v=0
            s=-
            """#,
            .answer(481)
        ),
        TortureCase(
            "intmeth",
            #"""
            !odd-Method0123456789_*+`.%indeed'~ sip:1_odd.URI~(so!sure)&isn't+it\#
            $/crazy?,/;;*:&it+has=1,pw!*d$o~.(yes)@example.com SIP/2.0
            Via: SIP/2.0/UDP host1.example.com;rport;branch=z9hG4bK-.!%66*_+`'~
            To: "Ende:\x00 éèà « quoted \\\" »" <sip:1_odd.URI~(so!sure)&isn't+it$/crazy?,/;;*@example.com>
            From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromP\#
            aram''~+*_!.-%="работает";tag=_token~1'+`*%!-.
            Call-ID: odd.word%ZK-!.*_+'@word`~)(><:\/"][?}{
            CSeq: 139122385 !odd-Method0123456789_*+`.%indeed'~
            Max-Forwards: 255
            extensionHeader-!.%*+_`'~: ﻿大停電
            Content-Length: 0


            """#,
            .answer(501)
        ),
        TortureCase(
            "esc01",
            request(
                "INVITE",
                "sip:sips%3Avera%40example.com@example.net",
                extra: "Contact: <sip:cal%6Cer@h5.example.net;%6C%72;n%61me=v%61lue%25%34%31>"
            ),
            .call("sips:vera@example.com")
        ),
        TortureCase(
            "escnull",
            request(
                "REGISTER",
                "sip:example.com",
                extra: "Contact: <sip:%00@host5.example.com>\nL: 0\nContact: <sip:%00%00@host5.example.com>",
                to: "sip:null-%00-null@example.com",
                hasLength: false
            ),
            .answer(401)
        ),
        // An escape in a method is no escape: this is no REGISTER.
        TortureCase(
            "esc02",
            request("RE%47IST%45R", "sip:registrar.example.com", to: "\"%Z%45\" <sip:resource@example.com>"),
            .answer(501)
        ),
        TortureCase(
            "lwsdisp",
            request("OPTIONS", "sip:user@example.com", from: "caller<sip:caller@example.com>;tag=323"),
            .answer(200)
        ),
    ]

    private static let shapes = [
        TortureCase(
            "longreq",
            """
            INVITE sip:user@example.com SIP/2.0
            To: "I have a user name of \(times(10, "extreme ")) proportion"<sip:user@example.com:6000;\
            first=very\(times(20, "long"))value;long\(times(25, "name"))=short;very\(times(25, "long"))NoValue>
            F: sip:\(times(5, "amazinglylongcallername"))@example.net;tag=12\(times(50, "982"))424;\
            unknown\(times(20, "header"))Name=unknown\(times(15, "value"));unknownFlag\(times(20, "header"))
            Call-ID: longreq.one\(times(20, "really"))longcallid
            CSeq: 3882340 INVITE
            Unknown-\(times(20, "Long"))-Name: unknown-\(times(20, "long"))-value; unknown-\(times(20, "long"))-p = x
            Via: SIP/2.0/TCP sip33.example.com
            v: SIP/2.0/TCP sip32.example.com
            \(times(40, "V: SIP/2.0/TCP sip31.example.com\n"))\
            Via: SIP/2.0/TCP host.example.com;received=192.0.2.5;branch=very\(times(50, "long"))branchvalue
            Max-Forwards: 70
            Contact: <sip:\(times(5, "amazinglylongcallername"))@host5.example.net>
            Content-Type: application/sdp
            l: 8

            v=0
            s=-
            """,
            .call("user")
        ),
        // Over a connection the second message is one of its own; in a datagram it is rubbish after the first.
        TortureCase(
            "dblreq",
            request("REGISTER", "sip:example.com") + request("INVITE", "sip:joe@example.com", name: "second"),
            .answer(401),
            stream: [.answer(401), .call("joe")]
        ),
        TortureCase("semiuri", request("OPTIONS", "sip:user;par=u%40example.net@example.com"), .answer(200)),
        TortureCase(
            "transports",
            request(
                "OPTIONS",
                "sip:user@example.com",
                extra: """
                    Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKunused
                    Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bKunused
                    Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKunused
                    Via: SIP/2.0/TCP t5.example.com;branch=z9hG4bKunused
                    """
            ),
            .answer(200)
        ),
        TortureCase(
            "mpart01",
            request(
                "MESSAGE",
                "sip:kumiko@example.org",
                extra: "Content-Type: multipart/mixed;boundary=7a9cbec02ceef655",
                body: "--7a9cbec02ceef655\n\nHello\u{0}\u{1}\u{7f}\n--7a9cbec02ceef655--"
            ),
            .answer(405)
        ),
    ]

    /// A sound request, apart from what is asked to be otherwise.
    static func request(
        _ method: String,
        _ uri: String,
        extra: String = "",
        from: String = "<sip:caller@example.net>;tag=938",
        to: String = "<sip:user@example.com>",
        via: String = "SIP/2.0/UDP host5.example.com;branch=z9hG4bKkdjuw",
        version: String = "SIP/2.0",
        sequence: String? = nil,
        hops: String = "70",
        name: String = "torture",
        body: String = "",
        hasLength: Bool = true
    ) -> String {
        let contact =
            method == "INVITE" && !extra.contains("Contact:") ? "Contact: <sip:caller@host5.example.net>\n" : ""
        let count = body.utf8.count { $0 != 10 } + 2 * body.utf8.count { $0 == 10 }
        return """
            \(method) \(uri) \(version)
            Via: \(via)\(name == "torture" ? "" : name)
            From: \(from)
            To: \(to)
            Call-ID: \(name).a84b4c76e66710
            CSeq: \(sequence ?? "234 \(method)")
            Max-Forwards: \(hops)
            \(contact)\(extra.isEmpty ? "" : extra + "\n")\(hasLength ? "Content-Length: \(count)\n" : "")
            \(body)
            """
    }

    /// A response to an INVITE of which nobody here knows anything.
    static func response(_ statusAndPhrase: String, sequence: String = "35 INVITE", extra: String = "") -> String {
        """
        SIP/2.0 \(statusAndPhrase)
        Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923
        Call-ID: response.1234ksdfak3j2erwedfsASdf
        CSeq: \(sequence)
        From: <sip:user@example.com>;tag=11141343
        To: <sip:user@example.edu>;tag=2229
        \(extra)Content-Length: 0


        """
    }
}
