"""Phones of a third make: Debian's linphonec, steered by what its user would type."""

import math
import pathlib
import shutil
import subprocess
import tempfile
import threading
import wave

from cluster import free_port, wait_for

INSTALLED = shutil.which("linphonec") is not None


class Linphone:
    """One linphonec process with one account; what its user says is a tone from a file."""

    def __init__(self, site, user, password, transport="udp"):
        self.site, self.user = site, user
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="tandem-linphone-"))
        (self.directory / ".local" / "share" / "linphone").mkdir(parents=True)
        self.sip, rtp = free_port(), free_port(3)
        ports = {name: self.sip if name == transport else 0 for name in ("udp", "tcp", "tls")}
        config = self.directory / "linphonerc"
        config.write_text(
            "[sip]\n"
            + "".join(f"sip{'' if name == 'udp' else '_' + name}_port={port}\n" for name, port in ports.items())
            + "verify_server_certs=0\nverify_server_cn=0\nregister_only_when_network_is_up=0\n"
            + f"[rtp]\naudio_rtp_port={rtp + rtp % 2}\n[net]\nmtu=1300\n"
        )
        self.output = ""
        self.process = subprocess.Popen(
            ["linphonec", "-S", "-c", str(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.directory,
            env={"HOME": str(self.directory), "PATH": "/usr/bin:/bin"},
            text=True,
            bufsize=1,
        )
        threading.Thread(target=self._read, daemon=True).start()
        self.type("soundcard use files")
        self.type(f"play {self._tone()}")
        self.type(f"register sip:{user}@{site.host} sip:{site.host}:{site.sip};transport={transport} {password}")

    def _tone(self):
        path = self.directory / "tone.wav"
        with wave.open(str(path), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            wave_length = [round(8000 * math.sin(2 * math.pi * sample / 8)) for sample in range(8)]
            sound.writeframes(b"".join(value.to_bytes(2, "little", signed=True) for value in wave_length) * 60_000)
        return path

    def _read(self):
        while chunk := self.process.stdout.read(1):
            self.output += chunk

    def type(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def wait_said(self, *texts, seconds=20):
        """Waits until linphonec has printed all of these texts."""
        try:
            wait_for(f"{texts} of linphonec", lambda: all(text in self.output for text in texts), seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.output[-3000:]}") from None

    def wait_registered(self):
        """Nothing to wait for: linphonec does not always say so, but the agent's desk does."""

    def wait_rings(self):
        self.wait_said("incoming call")

    def accept(self):
        self.type("answer")

    def hold(self):
        self.type("pause")

    def resume(self):
        self.type("resume 1")

    def transfer(self, number):
        self.type(f"transfer sip:{number}@{self.site.host}:{self.site.sip}")

    def hang_up(self):
        self.type("terminate")

    def stop(self):
        if self.process.poll() is None:
            try:
                self.type("quit")
                self.process.wait(timeout=5)
            except (subprocess.TimeoutExpired, OSError):
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)
