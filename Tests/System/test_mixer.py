"""The mixer as a process: three phones that say tones, and who hears which."""

import math
import socket
import subprocess
import unittest

from cluster import BINARY, DEADLINE_SECONDS

PITCHES = {"caller": 400, "agent": 700, "boss": 1100}
PACKETS_SKIPPED, PACKETS_HEARD = 10, 20


def linear(byte):
    """The value of a µ-law byte (ITU-T G.711)."""
    bits = ~byte & 0xFF
    size = (((bits & 0x0F) << 3) + 0x84 << ((bits & 0x70) >> 4)) - 0x84
    return -size if bits & 0x80 else size


VALUES = [linear(byte) for byte in range(256)]


def tone(pitch, start):
    """20 ms of a tone in µ-law: the nearest byte to each sample."""
    samples = [8000 * math.sin(2 * math.pi * pitch * index / 8000) for index in range(start, start + 160)]
    return bytes(min(range(256), key=lambda byte: abs(VALUES[byte] - sample)) for sample in samples)


def loudness(pitch, samples):
    """How loud a tone is among others, 1 as it was said (Goertzel's algorithm)."""
    factor = 2 * math.cos(2 * math.pi * pitch / 8000)
    last = before = 0.0
    for sample in samples:
        last, before = sample + factor * last - before, last
    power = last * last + before * before - factor * last * before
    return math.sqrt(max(power, 0)) / (len(samples) / 2) / 8000


def bencoded(value):
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, str):
        return b"%d:%s" % (len(value), value.encode())
    if isinstance(value, list):
        return b"l" + b"".join(map(bencoded, value)) + b"e"
    return b"d" + b"".join(bencoded(name) + bencoded(value[name]) for name in sorted(value)) + b"e"


class Phone:
    """Says its tone, one packet for each that it gets."""

    def __init__(self, pitch):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(DEADLINE_SECONDS)
        # All pitches fit whole into 80 ms: four packets say it for ever.
        self.packets = [tone(pitch, start) for start in range(0, 640, 160)]
        self.said = 0

    def turn(self, mixer):
        """Hears a packet and says one."""
        packet = self.socket.recv(2048)
        header = bytes([0x80, 0]) + (self.said % 65536).to_bytes(2, "big") + (self.said * 160).to_bytes(4, "big")
        self.socket.sendto(header + b"tone" + self.packets[self.said % 4], ("127.0.0.1", mixer))
        self.said += 1
        return [VALUES[byte] for byte in packet[12:]]


class MixerTest(unittest.TestCase):
    def setUp(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            self.control = free.getsockname()
        listen = f"127.0.0.1:{self.control[1]}"
        self.process = subprocess.Popen(
            [BINARY, "mixer", "--listen", listen, "--ports", "31400-31499"], stderr=subprocess.PIPE, text=True
        )
        self.assertIn("Mixing at 127.0.0.1", self.process.stderr.readline())
        self.node = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.node.settimeout(DEADLINE_SECONDS)
        self.cookie = 0

    def tearDown(self):
        self.process.terminate()
        self.assertIn("ticks missed", self.process.communicate()[1])
        self.assertEqual(self.process.returncode, 0)
        self.node.close()

    def ask(self, command, **fields):
        self.cookie += 1
        self.node.sendto(b"%d " % self.cookie + bencoded({"command": command, **fields}), self.control)
        return self.node.recv(65536)

    def test_each_hears_whom_it_should(self):
        both = {"caller": ["agent"], "agent": ["caller"]}
        modes = {
            "conference": {"caller": ["agent", "boss"], "agent": ["caller", "boss"], "boss": ["agent", "caller"]},
            "listen": {**both, "boss": ["agent", "caller"]},
            "whisper": {"caller": ["agent"], "agent": ["boss", "caller"], "boss": ["agent", "caller"]},
            "apart": both,
        }
        phones, ports = {}, {}
        for party, pitch in PITCHES.items():
            phones[party] = Phone(pitch)
            self.addCleanup(phones[party].socket.close)
            opened = self.ask("mix open", room="r", party=party)
            ports[party] = int(opened.split(b"4:porti")[1].split(b"e")[0])
            address, port = phones[party].socket.getsockname()
            taken = self.ask("mix take", room="r", party=party, address=address, port=port, codec="PCMU")
            self.assertIn(b"6:result2:ok", taken)
        for mode, hearing in modes.items():
            self.assertIn(b"6:result2:ok", self.ask("mix hear", room="r", hearing=hearing))
            heard = {party: [] for party in phones}
            for turn in range(PACKETS_SKIPPED + PACKETS_HEARD):
                for party, phone in phones.items():
                    samples = phone.turn(ports[party])
                    heard[party] += samples if turn >= PACKETS_SKIPPED else []
            for party in phones:
                for other, pitch in PITCHES.items():
                    level = loudness(pitch, heard[party])
                    with self.subTest(mode=mode, party=party, other=other, level=level):
                        if other in hearing.get(party, []):
                            self.assertGreater(level, 0.5)
                        else:
                            self.assertLess(level, 0.1)

    def test_it_can_be_asked_from_this_machine_only(self):
        asked = subprocess.run([BINARY, "mixer", "--listen", "0.0.0.0:2225"], capture_output=True, text=True)
        self.assertEqual(asked.returncode, 78)
        self.assertIn("only this machine", asked.stderr)


if __name__ == "__main__":
    unittest.main()
