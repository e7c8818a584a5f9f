"""A real rtpengine beside a test's node, with clips that are plain tones, so that it shows which of them is played."""

import math
import os
import pathlib
import signal
import struct
import subprocess
import tempfile
import wave

from cluster import free_port

PROGRAM = "/usr/bin/rtpengine"
IS_INSTALLED = os.access(PROGRAM, os.X_OK)
MEDIA_PORTS = 100
# Hz of each clip; phones of tests say others.
TONES = {
    "welcome": 500,
    "recording-notice": 550,
    "position-next": 600,
    "all-busy": 650,
    "callback-offer": 1_600,
    "callback-confirmed": 1_700,
    "music": 300,
}
# Those that are heard one after the other in one announcement, or before the line is ended.
SENTENCES = {
    "position": 700,
    "position-end": 750,
    "wait-under-minute": 1_100,
    "wait-about": 1_150,
    "wait-between": 1_200,
    "wait-and": 1_400,
    "wait-minutes": 1_450,
    "wait-long": 1_500,
    "closing-busy": 2_000,
    "closing-no-agents": 2_050,
    **{f"number-{number}": 2_100 + 50 * number for number in range(1, 25)},
}


class Relay:
    """One rtpengine, its folders below `folder`; `ports` are those that it gives to calls."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.port, self.digits = free_port(), free_port()
        first = free_port(MEDIA_PORTS)
        self.ports = range(first, first + MEDIA_PORTS)
        (self.folder / "spool").mkdir(parents=True)
        (self.folder / "sounds" / "en").mkdir(parents=True)
        for name, tone in {**TONES, **SENTENCES}.items():
            self._write_clip(name, tone, 2.0 if name == "music" else 0.6)
        self.process = None
        self.start()

    def start(self):
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    PROGRAM, "--config-file=none", "-f", "-E", "-t", "-1", "-i", "127.0.0.1",
                    "-n", f"127.0.0.1:{self.port}", "-m", str(self.ports[0]), "-M", str(self.ports[-1]),
                    f"--recording-dir={self.folder}/spool", "--recording-method=pcap", "--recording-format=eth",
                    "--delete-delay=0", f"--dtmf-log-dest=127.0.0.1:{self.digits}",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def config(self, *others):
        """The section `media` of a site's file; `others` are further relays."""
        ports = [self.port, *(other.port for other in others)]
        relays = "".join(f"    - host: 127.0.0.1\n      port: {port}\n" for port in ports)
        return (
            f"media:\n  relays:\n{relays}"
            f"  digits:\n    host: 127.0.0.1\n    port: {self.digits}\n"
            f"  sounds: {self.folder}/sounds\n  spool: {self.folder}/spool\n"
        )

    def restart(self):
        """Kills it and starts it again at once, as a supervisor of processes does: it answers, and knows no call."""
        self.kill()
        self.start()

    def sleep(self):
        """Neither answers nor passes anything on, until `wake`."""
        self.process.send_signal(signal.SIGSTOP)

    def wake(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        """Ends it as a crash would."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _write_clip(self, name, tone, seconds):
        place = self.folder / "sounds" / ("" if name == "music" else "en") / f"{name}.wav"
        with wave.open(str(place), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8_000)
            file.writeframes(
                b"".join(
                    struct.pack("<h", round(8_000 * math.sin(2 * math.pi * tone * index / 8_000)))
                    for index in range(round(8_000 * seconds))
                )
            )


def opened_for(case):
    """A relay that is there until the tests of a class are over."""
    folder = tempfile.TemporaryDirectory(prefix="tandem-relay-")
    case.addClassCleanup(folder.cleanup)
    relay = Relay(folder.name + "/r")
    case.addClassCleanup(relay.kill)
    return relay
