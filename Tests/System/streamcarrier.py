"""A carrier that is reached by TCP or TLS: it takes calls, places them, and may close its connections meanwhile."""

import os
import socket
import ssl
import threading

from cluster import DEADLINE_SECONDS, free_port, wait_for
from softphone import SDP, Message


class StreamCarrier:
    """Listens at a port of its own; `shown` is its certificate's TLS context, None speaks plain TCP."""

    def __init__(self, shown=None, trusts=None, host="127.0.0.1"):
        self.host, self.port = host, free_port()
        self.shown, self.trusts = shown, trusts
        self.transport = "tls" if shown else "tcp"
        self.local = f"{host}:{self.port}"
        self.lines = []
        self.heard = []  # (method or status, CSeq, number of the line)
        self.problems = []
        self.opened = 0
        self.call = None
        self._lock = threading.Lock()
        self._listener = socket.create_server((host, self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    # For tests.

    def place(self, site_port, number, caller):
        """Calls a number at a site over a connection of its own, and returns when it is answered."""
        plain = socket.create_connection((self.host, site_port), timeout=DEADLINE_SECONDS)
        line = self.trusts.wrap_socket(plain, server_hostname=self.host) if self.trusts else plain
        call_id = os.urandom(8).hex()
        target = f"sip:{number}@{self.host}:{site_port}"
        self.call = {"id": call_id, "ours": f"<sip:{caller}@{self.local}>;tag=c{call_id}", "theirs": f"<{target}>",
                     "target": target, "line": line, "sequence": 1}
        self._watch(line)
        self._request("INVITE", SDP)
        wait_for("the call to be answered", lambda: self._has("200", "1 INVITE"))
        self._request("ACK")

    def close_lines(self):
        """Closes all connections, as one does that were silent for a while."""
        with self._lock:
            lines, self.lines = self.lines, []
        for line in lines:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            line.close()

    def hang_up(self, site_port):
        """Ends the call over a new connection."""
        plain = socket.create_connection((self.host, site_port), timeout=DEADLINE_SECONDS)
        line = self.trusts.wrap_socket(plain, server_hostname=self.host) if self.trusts else plain
        self._watch(line)
        self.call["line"] = line
        self.call["sequence"] += 1
        self._request("BYE")
        wait_for("an answer to BYE", lambda: self._has("200", f"{self.call['sequence']} BYE"))

    def wait_heard(self, method):
        return wait_for(f"{method} at the carrier", lambda: next((h for h in self.heard if h[0] == method), None))

    def close(self):
        self._listener.close()
        self.close_lines()

    # The lines.

    def _has(self, status, cseq):
        return any(h[0] == status and h[1] == cseq for h in self.heard)

    def _accept(self):
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self.opened += 1
            if self.shown:
                try:
                    line.settimeout(DEADLINE_SECONDS)
                    line = self.shown.wrap_socket(line, server_side=True)
                except (ssl.SSLError, OSError) as problem:
                    self.problems.append(problem)
                    continue
            self._watch(line)

    def _watch(self, line):
        line.settimeout(None)
        with self._lock:
            self.lines.append(line)
        threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line):
        pending = b""
        while True:
            try:
                data = line.recv(65_536)
            except (OSError, ssl.SSLError):
                return
            if not data:
                return
            pending += data
            while b"\r\n\r\n" in pending:
                head, _, rest = pending.lstrip(b"\r\n").partition(b"\r\n\r\n")
                length = next(
                    (int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:")), 0
                )
                if len(rest) < length:
                    break
                pending = rest[length:]
                self._take(Message((head + b"\r\n\r\n" + rest[:length]).decode()), line)

    def _take(self, message, line):
        kind = str(message.status) if message.status else message.method
        if message.status and message.first("cseq").endswith("INVITE") and message.status == 200:
            self.call["theirs"] = message.first("to")
            contact = message.first("contact")
            self.call["target"] = contact[contact.index("<") + 1 : contact.index(">")]
        self.heard.append((kind, message.first("cseq"), message))
        if message.method == "INVITE":
            self._answer(message, line, 180, "Ringing")
            self._answer(message, line, 200, "OK", SDP)
            if "tag=" not in message.first("to"):
                self.call = {"id": message.first("call-id"), "ours": message.first("to") + ";tag=c", "sequence": 1,
                             "theirs": message.first("from")}
            self.call["line"] = line
            contact = message.first("contact")
            self.call["target"] = contact[contact.index("<") + 1 : contact.index(">")]
        elif message.method and message.method != "ACK":
            self._answer(message, line, 200, "OK")

    def _request(self, method, body=""):
        call = self.call
        branch = f"z9hG4bK{os.urandom(6).hex()}"
        kind = "Content-Type: application/sdp\r\n" if body else ""
        text = (
            f"{method} {call['target']} SIP/2.0\r\n"
            f"Via: SIP/2.0/{self.transport.upper()} {self.local};branch={branch};rport\r\n"
            f"From: {call['ours']}\r\nTo: {call['theirs']}\r\nCall-ID: {call['id']}\r\n"
            f"CSeq: {call['sequence']} {method}\r\nMax-Forwards: 70\r\n"
            f"Contact: <sip:carrier@{self.local};transport={self.transport}>\r\n"
            f"{kind}Content-Length: {len(body)}\r\n\r\n{body}"
        )
        call["line"].sendall(text.encode())

    def _answer(self, request, line, status, phrase, body=""):
        to = request.first("to")
        if "tag=" not in to:
            to += ";tag=c"
        lines = [f"SIP/2.0 {status} {phrase}"]
        lines += [f"Via: {value}" for value in request.all("via")]
        lines += [f"From: {request.first('from')}", f"To: {to}", f"Call-ID: {request.first('call-id')}"]
        lines += [f"CSeq: {request.first('cseq')}"]
        lines += [f"Contact: <sip:carrier@{self.local};transport={self.transport}>"]
        if body:
            lines.append("Content-Type: application/sdp")
        line.sendall(("\r\n".join(lines) + f"\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode())
