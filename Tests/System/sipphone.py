"""A phone that a test works by hand: it takes, places, holds and passes calls on, and knows what it last heard.

Beside it there is the simpler one of softphone.py, which also speaks TLS. This one is on UDP; a thread of its own
answers what comes. The same class plays a carrier: it registers nowhere and takes the calls of all sites.
"""

import os
import socket
import threading

from cluster import wait_for
from sessions import direction
from sipcall import ANSWERS, SIPCall, ending
from softphone import Message, digest_answer

PHRASES = {100: "Trying", 180: "Ringing", 200: "OK", 480: "Unavailable", 481: "Unknown", 486: "Busy", 487: "Cancelled"}


class SIPPhone:
    """A phone of `user`; `voice` is where its sound goes, None when there is none."""

    def __init__(self, user, password="", host="127.0.0.1", voice=None, port=0):
        self.user, self.password, self.host, self.voice = user, password, host, voice
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, port))
        self.port = self.socket.getsockname()[1]
        self.local = f"{host}:{self.port}"
        # Without a voice there is a port where nobody listens, and that nobody else has.
        self._silence = None if voice else socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        if self._silence:
            self._silence.bind((host, 0))
        self.voice_port = voice.port if voice else self._silence.getsockname()[1]
        self.domain = ""
        self.manner = ANSWERS
        self.calls = []
        self.problem = None
        self.has_vanished = False  # neither hears nor says anything, as without power
        self._answers = {}
        self._registered = []
        self._sequence = 0
        self._lock = threading.RLock()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    # For tests.

    def register(self, site):
        """Registers at a site, as `password` allows."""
        self.domain = f"{site.host}:{site.sip}"
        call_id = os.urandom(8).hex()
        self._register(site, call_id, "")
        challenge = wait_for("an answer to REGISTER", lambda: self._registered)[-1]
        self._registered.clear()
        proof = digest_answer(
            self.user, self.password, "REGISTER", f"sip:{self.domain}", challenge.first("www-authenticate")
        )
        self._register(site, call_id, f"Authorization: {proof}\r\n")
        answer = wait_for("an answer to REGISTER", lambda: self._registered)[-1]
        self._registered.clear()
        assert answer.status == 200, answer.start

    def call(self, site, number, offers=True, headers=""):
        """Places a call at a site and returns it at once."""
        with self._lock:
            call = SIPCall(self, site.host, site.sip)
            self.calls.append(call)
            call.place(number, offers, headers)
        return call

    def next_call(self, state="talking", after=0):
        """The first call after the first `after` ones, as soon as it is in a state."""
        return wait_for(
            f"call {after + 1} at {self.user}'s phone to be {state}",
            lambda: self.calls[after] if len(self.calls) > after and self.calls[after].state == state else None,
        )

    def close(self):
        with self._lock:
            for call in self.calls:
                call.hang_up()
        self.socket.close()
        (self.voice or self._silence).close()

    def check(self):
        """Fails when the phone's thread met something that it did not understand."""
        if self.problem:
            raise AssertionError(f"{self.user}'s phone failed: {self.problem}") from self.problem

    # For calls.

    def proof(self, method, uri, challenge):
        return digest_answer(self.user, self.password, method, uri, challenge)

    def listen_to(self, call):
        """A call's session has changed: the sound follows it."""
        if self.voice is None:
            return
        if call.state == "ended" or not call.heard:
            self.voice.leave(call)
        else:
            self.voice.follow(call, call.heard, direction(call.heard) in ("sendrecv", "recvonly"))

    def send(self, text, peer):
        self.socket.sendto(text.encode(), peer)

    def respond(self, request, status, body="", to=None):
        to = to if to and "tag=" not in request.first("to") and status != 100 else request.first("to")
        lines = [f"SIP/2.0 {status} {PHRASES.get(status, 'Other')}"]
        lines += [f"Via: {value}" for value in request.all("via")]
        lines += [f"From: {request.first('from')}", f"To: {to}", f"Call-ID: {request.first('call-id')}"]
        lines += [f"CSeq: {request.first('cseq')}", f"Contact: <sip:{self.user}@{self.local}>"]
        text = "\r\n".join(lines) + "\r\n" + ending(body)
        self._answers[request.first("via"), request.method] = text
        self.send(text, request.source)

    # The line.

    def _register(self, site, call_id, headers):
        self._sequence += 1
        self.send(
            f"REGISTER sip:{self.domain} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {self.local};branch=z9hG4bK{os.urandom(6).hex()};rport\r\n"
            f"From: <sip:{self.user}@{self.domain}>;tag=1\r\nTo: <sip:{self.user}@{self.domain}>\r\n"
            f"Call-ID: {call_id}\r\nCSeq: {self._sequence} REGISTER\r\nMax-Forwards: 70\r\n"
            f"Contact: <sip:{self.user}@{self.local}>\r\nExpires: 300\r\n{headers}Content-Length: 0\r\n\r\n",
            (site.host, site.sip),
        )

    def _serve(self):
        while True:
            try:
                data, source = self.socket.recvfrom(65_536)
            except OSError:
                return
            if self.has_vanished or not data.strip():  # nothing, or a keep-alive
                continue
            try:
                message = Message(data.decode())
                message.source = source
                with self._lock:
                    self._take(message)
            except Exception as problem:  # told by `check`, in the thread of the test
                self.problem = problem

    def _take(self, message):
        call = next((c for c in self.calls if c.call_id == message.first("call-id")), None)
        if message.status:
            if message.first("cseq").endswith("REGISTER"):
                if message.status >= 200:
                    self._registered.append(message)
            elif call:
                call.answered(message)
            return
        repeated = self._answers.get((message.first("via"), message.method))
        if repeated and message.method != "ACK":
            self.send(repeated, message.source)
        elif call:
            call.take(message)
        elif message.method == "INVITE":
            call = SIPCall(self, *message.source)
            self.calls.append(call)
            call.came(message)
        elif message.method == "OPTIONS":
            self.respond(message, 200)
        elif message.method != "ACK":
            self.respond(message, 481)
