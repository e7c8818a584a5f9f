"""One call of a phone of the tests: a SIP dialog (RFC 3261 §12) with its offers and answers."""

import os
import re

from sessions import SessionWriter

# What a phone does with a call that comes: the responses it sends at once.
ANSWERS, RINGS, IS_BUSY = "answers", "rings", "is busy"


class SIPCall:
    """A call that came or that the phone placed; `phone` is a `SIPPhone`.

    `state` goes from `calling` or `ringing` to `talking` and `ended`. `heard` is the last description that the other
    side sent, `said` our own last one, `requests` the methods that came in the dialog, in their order.
    """

    def __init__(self, phone, host, port):
        self.phone, self.peer = phone, (host, port)
        self.state, self.ended_by, self.status = "calling", None, None
        self.statuses, self.requests, self.notified, self.infos = [], [], [], []
        self.heard, self.said = "", ""
        self.session = SessionWriter(phone.host, phone.voice_port)
        self.call_id, self.own_tag, self.their_tag = os.urandom(8).hex(), os.urandom(4).hex(), ""
        self.sequence = 1
        self.own_party = self.their_party = self.target = ""
        self.invite = None  # the INVITE that came and has no final answer yet
        self.answered_offer = True  # False while our offer in a 200 waits for its answer in the ACK

    # What came.

    def came(self, request):
        """An INVITE that starts the call."""
        self.state, self.invite = "ringing", request
        self.call_id = request.first("call-id")
        self.their_party, self.own_party = request.first("from"), f"{request.first('to')};tag={self.own_tag}"
        self.their_tag = tag(self.their_party)
        self.target = address_of(request.first("contact"))
        self.caller = user_of(self.their_party)
        self.dialled = user_of(request.start)
        if self.phone.manner == IS_BUSY:
            self.refuse(486)
            return
        self.respond(request, 180)
        if self.phone.manner == ANSWERS:
            self.answer()

    def answer(self):
        """Picks up."""
        request, self.invite = self.invite, None
        self.state = "talking"
        self._accept(request)

    def refuse(self, status=486):
        request, self.invite = self.invite, None
        self.respond(request, status)
        self._end("us")

    def take(self, request):
        """A request within the dialog."""
        method = request.method
        self.requests.append(method)
        if method == "ACK":
            if request.body and not self.answered_offer:
                self._hear(request.body)
            self.answered_offer = True
        elif method == "INVITE":
            self.target = address_of(request.first("contact")) or self.target
            self._accept(request)
        elif method == "UPDATE":
            self.respond(request, 200, self._answer_to(request.body) if request.body else "")
        elif method == "CANCEL":
            self.respond(request, 200)
            if self.invite:
                request, self.invite = self.invite, None
                self.respond(request, 487)
                self._end("them")
        else:
            if method == "NOTIFY":
                self.notified.append(request.body.strip())
            elif method == "INFO":
                self.infos.append(request.body)
            self.respond(request, 200)
            if method == "BYE":
                self._end("them")

    def _accept(self, request):
        """Answers an INVITE with 200: an answer to its offer, or an offer when it has none."""
        if request.body:
            self.respond(request, 200, self._answer_to(request.body))
        else:
            self.answered_offer = False
            self.said = self.session.offer()
            self.respond(request, 200, self.said)

    def _answer_to(self, offer):
        self.said = self.session.answer(offer)
        self._hear(offer)
        return self.said

    def _hear(self, description):
        self.heard = description
        self.phone.listen_to(self)

    def _end(self, by):
        if self.state != "ended":
            self.state, self.ended_by = "ended", by
        self.phone.listen_to(self)

    # What the phone does.

    def place(self, number, offers=True, headers=""):
        """Sends the INVITE; the phone's thread follows what comes of it."""
        host, port = self.peer
        self.target = f"sip:{number}@{host}:{port}"
        self.own_party = f"<sip:{self.phone.user}@{self.phone.domain or f'{host}:{port}'}>;tag={self.own_tag}"
        self.their_party = f"<{self.target}>"
        self.said = self.session.offer() if offers else ""
        self.send("INVITE", self.said, headers)

    def hold(self):
        self._reoffer("sendonly")

    def resume(self):
        self._reoffer("sendrecv")

    def _reoffer(self, way):
        self.said = self.session.offer(way)
        self.sequence += 1
        self.send("INVITE", self.said)

    def hang_up(self):
        """BYE, or CANCEL before the answer."""
        if self.state == "ended":
            return
        if self.state == "calling":
            self.send("CANCEL", branch=self.branch)
            return
        if self.state == "ringing":
            self.refuse(480)
            return
        self.sequence += 1
        self.send("BYE")
        self._end("us")

    def refer(self, number, replaces=None):
        """Asks the other side to send its party to a number, in place of another of our calls if one is named."""
        host, port = self.peer
        target = f"sip:{number}@{host}:{port}"
        if replaces:
            target += (
                f"?Replaces={replaces.call_id}%3Bto-tag%3D{replaces.their_tag}%3Bfrom-tag%3D{replaces.own_tag}"
            )
        self.sequence += 1
        self.send("REFER", headers=f"Refer-To: <{target}>\r\nReferred-By: <sip:{self.phone.user}@{host}>\r\n")

    def answered(self, response):
        """A response to a request of ours."""
        status, (number, method) = response.status, response.first("cseq").split()
        if status < 200:
            if method == "INVITE":
                self.statuses.append(status)
                if response.body:
                    self._hear(response.body)
            return
        if method == "INVITE":
            self._final(response, int(number))
        elif method == "REFER":
            self.requests.append(f"REFER {status}")

    def _final(self, response, number):
        status = response.status
        if status in (401, 407) and self.state == "calling" and self.sequence == 1:
            self.send("ACK", branch=self.branch, to=response.first("to"), number=number)
            self.sequence = 2
            self.statuses.append(status)
            name = "www-authenticate" if status == 401 else "proxy-authenticate"
            own = "Authorization" if status == 401 else "Proxy-Authorization"
            proof = self.phone.proof("INVITE", self.target, response.first(name))
            self.send("INVITE", self.said, f"{own}: {proof}\r\n")
            return
        self.statuses.append(status)
        self.status = status
        if status >= 300:
            self.send("ACK", branch=self.branch, to=response.first("to"), number=number)
            if self.state == "calling":
                self._end("them")
            return
        self.their_party = response.first("to")
        self.their_tag = tag(self.their_party)
        self.target = address_of(response.first("contact")) or self.target
        if self.state == "calling":
            self.state = "talking"
        if self.said:
            self._hear(response.body)
            self.send("ACK", number=number)
        else:
            self.send("ACK", self._answer_to(response.body), number=number)

    # Messages.

    def send(self, method, body="", headers="", branch=None, to=None, number=None):
        branch = branch or f"z9hG4bK{os.urandom(6).hex()}"
        if method == "INVITE":
            self.branch = branch
        self.phone.send(
            f"{method} {self.target} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {self.phone.local};branch={branch};rport\r\n"
            f"From: {self.own_party}\r\nTo: {to or self.their_party}\r\nCall-ID: {self.call_id}\r\n"
            f"CSeq: {number or self.sequence} {method}\r\nMax-Forwards: 70\r\n"
            f"Contact: <sip:{self.phone.user}@{self.phone.local}>\r\n"
            f"{headers}{ending(body)}",
            self.peer,
        )

    def respond(self, request, status, body=""):
        self.phone.respond(request, status, body, self.own_party if self.own_party else None)


def ending(body):
    kind = "Content-Type: application/sdp\r\n" if body else ""
    return f"{kind}Content-Length: {len(body)}\r\n\r\n{body}"


def tag(party):
    found = re.search(r";tag=([^;>\s]+)", party)
    return found.group(1) if found else ""


def address_of(contact):
    """The URI of a Contact."""
    found = re.search(r"<([^>]+)>", contact)
    return found.group(1) if found else contact


def user_of(uri):
    found = re.search(r"(?:sip|tel):([^@>;\s]*)", uri)
    return found.group(1) if found else ""
