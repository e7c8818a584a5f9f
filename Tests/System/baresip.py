"""Phones of another make: Debian's baresip without a screen or a sound card, steered over its control port."""

import json
import math
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import wave

from cluster import DEADLINE_SECONDS, free_port, wait_for

MODULES = pathlib.Path("/usr/lib/baresip/modules")
INSTALLED = shutil.which("baresip") is not None and MODULES.is_dir()

# The microphone is a tone. What is heard goes to a WAV file on its way to a player that nobody listens to:
# aubridge without a source beside it takes sound and drops it.
CONFIG = """\
poll_method epoll
sip_listen 127.0.0.1:{sip}
net_interface 127.0.0.1
call_max_calls 4
audio_source ausine,{tone}
audio_player aubridge,nobody
audio_alert aubridge,nobody
ausrc_srate 48000
ausrc_channels 2
ausrc_format s16
auplay_format s16
auenc_format s16
audec_format s16
audio_level no
rtp_ports {rtp}-{rtp_end}
snd_path {directory}
ctrl_tcp_listen 127.0.0.1:{control}
ringback_disabled yes
module_path {modules}
module g711.so
module sndfile.so
module ausine.so
module aubridge.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
"""


class Phone:
    """One baresip process with one account; `tone` in Hz is what its user says."""

    def __init__(self, site, user, tone, password=None, transport="udp", answer="manual"):
        self.user = user
        self.site = site
        self.transport = transport
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="tandem-baresip-"))
        self.sip, self.control, self.rtp = free_port(2), free_port(), media_port()  # it takes sip + 1 for TLS
        self.events = []
        (self.directory / "config").write_text(
            CONFIG.format(
                sip=self.sip,
                control=self.control,
                tone=tone,
                rtp=self.rtp,
                rtp_end=self.rtp + 2,
                directory=self.directory,
                modules=MODULES,
            )
        )
        # baresip reads no quotes in an account: a password must have neither space nor semicolon.
        credential = f";auth_user={user};auth_pass={password};regint=600" if password else ";regint=0"
        (self.directory / "accounts").write_text(
            f"<sip:{user}@{site.host}:{site.sip};transport={transport}>{credential}"
            f";answermode={answer};audio_codecs=PCMU/8000/1,PCMA/8000/1\n"
        )
        (self.directory / "contacts").write_text("")
        self.log = self.directory / "phone.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["baresip", "-f", str(self.directory), "-s"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.directory,
            )
        try:
            self.steering = wait_for(f"{user}'s phone to run", self._connect)
        except (AssertionError, RuntimeError):
            self.stop()
            raise
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _connect(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"baresip ended with {self.process.returncode}: {self.trace()}")
        connection = socket.create_connection(("127.0.0.1", self.control), timeout=DEADLINE_SECONDS)
        connection.settimeout(None)
        return connection

    def _read(self):
        """Collects events; each message is a netstring that holds JSON."""
        buffer = b""
        while True:
            try:
                chunk = self.steering.recv(4096)
            except OSError:
                return
            if not chunk:
                return
            buffer += chunk
            while (match := re.match(rb"(\d+):", buffer)) and len(buffer) > match.end() + int(match[1]):
                end = match.end() + int(match[1])
                self.events.append(json.loads(buffer[match.end() : end]))
                buffer = buffer[end + 1 :]

    def command(self, name, params=""):
        text = json.dumps({"command": name, "params": params, "token": name}).encode()
        self.steering.sendall(b"%d:%s," % (len(text), text))

    def wait(self, kind, times=1):
        """Waits until an event has come so many times."""
        try:
            wait_for(
                f"{kind} at {self.user}'s phone",
                lambda: sum(event.get("type") == kind for event in list(self.events)) >= times,
                seconds=20,
            )
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.events}\n{self.trace()[-6000:]}") from None

    def wait_registered(self):
        """Waits for the registrar's 200. There is no event to wait for: baresip registers before one can steer it."""
        accepted = re.compile(r"200 OK \(Tandem\) \[\d+ binding")
        wait_for(f"{self.user}'s phone to be registered", lambda: accepted.search(self.trace()), seconds=20)

    def dial(self, number):
        self.command("dial", f"sip:{number}@{self.site.host}:{self.site.sip}")

    def accept(self):
        self.command("accept")

    def hang_up(self):
        self.command("hangup")

    def trace(self):
        """All that baresip printed, with every SIP message it sent or received."""
        return self.log.read_text(errors="replace")

    def hold(self):
        self.command("hold")

    def resume(self):
        self.command("resume")

    def lose(self):
        """Ends the process as a power cut would."""
        self.process.kill()
        self.process.wait()

    def seconds_heard(self):
        """How much sound has come in so far: 44 octets of header, then 8000 samples of 2 octets a second."""
        return sum(max(0, path.stat().st_size - 44) for path in self.directory.glob("dump-*-dec.wav")) / 16000

    def wait_heard(self, seconds):
        """Waits until so much sound has come in from now on."""
        enough = self.seconds_heard() + seconds
        wait_for(f"{seconds} s of sound at {self.user}'s phone", lambda: self.seconds_heard() >= enough, seconds=20)

    def heard(self):
        """What this phone heard in its only call so far, as (samples a second, samples). Read it after the call."""
        (path,) = self.directory.glob("dump-*-dec.wav")
        with wave.open(str(path)) as sound:
            assert (sound.getsampwidth(), sound.getnchannels()) == (2, 1), sound.getparams()
            return sound.getframerate(), memoryview(sound.readframes(sound.getnframes())).cast("h").tolist()

    def media_sources(self):
        """Where RTP came from, as the phone saw it: ports on this machine."""
        return {int(port) for port in re.findall(r"receiving from 127\.0\.0\.1:(\d+)", self.trace())}

    def descriptions(self):
        """Every session description this phone sent or received, in the order they first appeared.

        Without the line of its origin, which each leg has of its own (decision 15).
        """
        return list(dict.fromkeys(re.sub(r"^o=.*\n", "", text, flags=re.MULTILINE) for text in self._whole()))

    def _whole(self):
        return list(dict.fromkeys(re.findall(r"^v=0\n(?:[a-z]=.*\n)+", self.trace(), re.MULTILINE)))

    def directions(self):
        """What its descriptions say of the way sound goes, in turn."""
        return re.findall(r"^a=(sendrecv|sendonly|recvonly|inactive)$", "".join(self._whole()), re.MULTILINE)

    def stop(self):
        """Ends the process, which unregisters, and removes its files."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if hasattr(self, "steering"):
            self.steering.close()
        if not os.environ.get("TANDEM_KEEP"):
            shutil.rmtree(self.directory, ignore_errors=True)


def media_port():
    """An even port whose odd neighbour is free as well, for RTP and RTCP."""
    port = free_port(3)
    return port + port % 2


def share(rate, values, tone):
    """How much of the sound's energy lies at one frequency, 0…1: Goertzel's algorithm over the whole run."""
    factor = 2 * math.cos(2 * math.pi * tone / rate)
    before = last = 0.0
    for value in values:
        before, last = last, value + factor * last - before
    power = before * before + last * last - factor * before * last
    energy = sum(value * value for value in values)
    return 2 * power / (len(values) * energy) if energy else 0.0
