"""A small phone for what sipp cannot do here: TLS, and any of the transports over IPv6.

It registers with digest and takes one call; what it does not understand it does not answer.
"""

import hashlib
import os
import re
import socket
import ssl
import threading

from cluster import DEADLINE_SECONDS

SDP = "v=0\r\no=phone 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40100 RTP/AVP 8\r\n"


class Message:
    """One SIP message; header names in lower case, in their order."""

    def __init__(self, text):
        head, _, self.body = text.partition("\r\n\r\n")
        self.start, *lines = head.split("\r\n")
        self.headers = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]

    def all(self, name):
        return [value for key, value in self.headers if key == name]

    def first(self, name):
        values = self.all(name)
        return values[0] if values else ""

    @property
    def status(self):
        return int(self.start.split()[1]) if self.start.startswith("SIP/2.0") else None

    @property
    def method(self):
        return None if self.status else self.start.split()[0]


class Softphone:
    """A phone of `user` at the SIP port of a site."""

    def __init__(self, transport, host, port, user, password, context=None, name=None):
        self.transport, self.user, self.password = transport, user, password
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        self.socket = socket.socket(family, kind)
        self.socket.settimeout(DEADLINE_SECONDS)
        self.socket.connect((host, port))
        if context:
            self.socket = context.wrap_socket(self.socket, server_hostname=name or host)
        own, own_port = self.socket.getsockname()[:2]
        self.domain = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.local = f"[{own}]:{own_port}" if ":" in own else f"{own}:{own_port}"
        self.pending = b""
        self.call_id = os.urandom(8).hex()
        self.sequence = 0
        self.problem = None
        self.thread = None

    # The line.

    def send(self, text):
        data = text.encode()
        if self.transport == "udp":
            self.socket.send(data)
        else:
            self.socket.sendall(data)

    def receive(self):
        if self.transport == "udp":
            return Message(self.socket.recv(65_536).decode())
        while True:
            # Line ends between messages are keep-alives.
            self.pending = self.pending.lstrip(b"\r\n")
            head, separator, rest = self.pending.partition(b"\r\n\r\n")
            if separator:
                match = re.search(rb"\r\n(?:content-length|l) *: *(\d+)", head, re.IGNORECASE)
                length = int(match.group(1)) if match else 0
                if len(rest) >= length:
                    self.pending = rest[length:]
                    return Message((head + separator + rest[:length]).decode())
            data = self.socket.recv(65_536)
            assert data, "the site closed the connection"
            self.pending += data

    # Registration.

    def register(self, expires=300):
        """Registers; the answer is the final status and the headers of the last response."""
        answer = self._register(expires, None)
        if answer.status == 401:
            answer = self._register(expires, self._authorization("REGISTER", answer.first("www-authenticate")))
        return answer

    def _register(self, expires, authorization):
        self.sequence += 1
        self.send(
            f"REGISTER sip:{self.domain} SIP/2.0\r\n"
            f"Via: SIP/2.0/{self.transport.upper()} {self.local};branch=z9hG4bK{os.urandom(6).hex()};rport\r\n"
            f"From: <sip:{self.user}@{self.domain}>;tag=1\r\nTo: <sip:{self.user}@{self.domain}>\r\n"
            f"Call-ID: {self.call_id}\r\nCSeq: {self.sequence} REGISTER\r\nMax-Forwards: 70\r\n"
            f"Contact: <sip:{self.user}@{self.local};transport={self.transport}>\r\nExpires: {expires}\r\n"
            + (f"Authorization: {authorization}\r\n" if authorization else "")
            + "Content-Length: 0\r\n\r\n"
        )
        while True:
            message = self.receive()
            if message.status and message.status >= 200:
                return message

    def _authorization(self, method, challenge):
        return digest_answer(self.user, self.password, method, f"sip:{self.domain}", challenge)

    # One call.

    def take_call(self):
        """Takes the next call in a thread of its own, until the other side hangs up; `finish` waits for the end."""
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def finish(self):
        self.thread.join(DEADLINE_SECONDS * 2)
        assert not self.thread.is_alive(), "the call did not end"
        if self.problem:
            raise AssertionError(f"the phone failed: {self.problem}") from self.problem

    def close(self):
        self.socket.close()

    def _serve(self):
        try:
            was_acknowledged = False
            while True:
                message = self.receive()
                if message.method == "INVITE":
                    self._answer(message, 180, "Ringing")
                    self._answer(message, 200, "OK", SDP)
                elif message.method == "ACK":
                    was_acknowledged = True
                elif message.method:
                    self._answer(message, 200, "OK")
                    if message.method == "BYE":
                        assert was_acknowledged, "there was no ACK before the BYE"
                        return
        except Exception as problem:  # told by `finish`, in the thread of the test
            self.problem = problem

    def _answer(self, request, status, phrase, body=""):
        to = request.first("to")
        if "tag=" not in to:
            to += ";tag=phone"
        lines = [f"SIP/2.0 {status} {phrase}"]
        lines += [f"Via: {value}" for value in request.all("via")]
        lines += [f"Record-Route: {value}" for value in request.all("record-route")]
        lines += [f"From: {request.first('from')}", f"To: {to}", f"Call-ID: {request.first('call-id')}"]
        lines += [f"CSeq: {request.first('cseq')}", f"Contact: <sip:{self.user}@{self.local};transport={self.transport}>"]
        if body:
            lines.append("Content-Type: application/sdp")
        self.send("\r\n".join(lines) + f"\r\nContent-Length: {len(body)}\r\n\r\n{body}")


def digest_answer(user, password, method, uri, challenge):
    """The Authorization of a request, for what a 401 or 407 asked (RFC 7616, MD5 with qop=auth)."""
    field = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge))

    def digest(text):
        return hashlib.md5(text.encode()).hexdigest()

    nonce, count, own = field["nonce"], "00000001", os.urandom(6).hex()
    first = digest(f"{user}:{field['realm']}:{password}")
    answer = digest(f"{first}:{nonce}:{count}:{own}:auth:{digest(f'{method}:{uri}')}")
    return (
        f'Digest username="{user}", realm="{field["realm"]}", nonce="{nonce}", uri="{uri}", '
        f'response="{answer}", algorithm=MD5, qop=auth, nc={count}, cnonce="{own}"'
    )


def trusting(authority):
    """The TLS settings of a phone that trusts the authority of a PEM file and looks at the name."""
    return ssl.create_default_context(cafile=str(authority))
