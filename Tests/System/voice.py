"""Sound of test phones: RTP (RFC 3550) with one steady tone each, so that it shows who hears whom."""

import math
import os
import socket
import struct
import threading
import time

from sessions import address, payloads

RATE = 8_000
PACKET = 160  # samples: 20 ms
EVENT = 101


def encode(sample):
    """A sample of 16 bits as A-law (ITU-T G.711)."""
    sign, sample = (0x80, sample) if sample >= 0 else (0, -sample - 1)
    sample = min(sample, 32_767) >> 3
    exponent = max(0, sample.bit_length() - 5)
    low = sample >> max(1, exponent) & 0x0F
    return (sign | exponent << 4 | low) ^ 0x55


def decode_a(byte):
    byte ^= 0x55
    exponent, low = byte >> 4 & 7, byte & 15
    value = (low << 4) + 8 if exponent == 0 else ((low << 4) + 0x108) << (exponent - 1)
    return value if byte & 0x80 else -value


def decode_u(byte):
    byte = ~byte & 0xFF
    value = (((byte & 15) << 3) + 0x84 << (byte >> 4 & 7)) - 0x84
    return -value if byte & 0x80 else value


DECODE = {0: [decode_u(byte) for byte in range(256)], 8: [decode_a(byte) for byte in range(256)]}


def strength(samples, frequency):
    """How strong a tone is among samples, by Goertzel: about its amplitude."""
    if not samples:
        return 0.0
    factor = 2 * math.cos(2 * math.pi * frequency / RATE)
    before, last = 0.0, 0.0
    for sample in samples:
        before, last = last, sample + factor * last - before
    power = before * before + last * last - factor * before * last
    return 2 * math.sqrt(max(power, 0)) / len(samples)


class Voice:
    """Says one tone for ever, where the last call that it follows wants it, and keeps what came lately.

    G.711 in A-law goes out, or µ-law when the other side takes only that.
    """

    def __init__(self, frequency, host="127.0.0.1"):
        self.frequency = frequency
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.port = self.socket.getsockname()[1]
        self.call = self.target = None
        self.packets = 0
        self.keeps = 3  # seconds
        self._heard = []  # (time, samples)
        self._tone = {8: self._make(encode), 0: self._make(encode_u)}
        self._kind, self._keys = 8, []
        self._source, self._sequence, self._stamp = os.urandom(4), 0, 0
        self._lock = threading.Lock()
        self._open = True
        for work in (self._speak, self._listen):
            threading.Thread(target=work, daemon=True).start()

    def _make(self, code):
        """A second of packets, after which every whole number of Hz begins anew."""
        return [
            bytes(
                code(round(8_000 * math.sin(2 * math.pi * self.frequency * (start + index) / RATE)))
                for index in range(PACKET)
            )
            for start in range(0, RATE, PACKET)
        ]

    def follow(self, call, description, may_send):
        with self._lock:
            self.call = call
            self.target = address(description) if may_send else None
            self._kind = 8 if 8 in payloads(description) else 0

    def leave(self, call):
        with self._lock:
            if self.call is call:
                self.call = self.target = None

    def press(self, event):
        """Presses a key for a tenth of a second (RFC 4733); the end is sent three times."""
        with self._lock:
            self._keys = [
                (EVENT | (0x80 if step == 0 else 0), bytes([event, 0x8A if step >= 5 else 0x0A]), min(step + 1, 6))
                for step in range(8)
            ]
            self._key_stamp = self._stamp

    def forget(self):
        """Forgets what was heard."""
        with self._lock:
            self._heard.clear()
            self.packets = 0

    def samples(self, seconds=0.5):
        """What came in the last so many seconds."""
        with self._lock:
            since = time.monotonic() - seconds
            return [sample for at, part in self._heard if at >= since for sample in part]

    def hears(self, frequency, seconds=0.5):
        """Whether a tone was there in the last so many seconds, mixed with others or not."""
        samples = self.samples(seconds)
        return len(samples) >= RATE * seconds / 2 and strength(samples, frequency) > 700

    def melody(self, frequencies, part=0.1):
        """Which of these tones were heard one after the other, each that lasted two parts of a second at least."""
        with self._lock:
            samples = [sample for _, piece in self._heard for sample in piece]
        step = round(RATE * part)
        heard, last = [], None
        for start in range(0, len(samples) - step + 1, step):
            piece = samples[start : start + step]
            strongest = max(frequencies, key=lambda frequency: strength(piece, frequency))
            tone = strongest if strength(piece, strongest) > 3_000 else None
            if tone and tone == last and heard[-1:] != [tone]:
                heard.append(tone)
            last = tone
        return heard

    def close(self):
        self._open = False
        self.socket.close()

    def _speak(self):
        due = time.monotonic()
        while self._open:
            due = max(due + 0.02, time.monotonic() - 0.2)
            time.sleep(max(0, due - time.monotonic()))
            with self._lock:
                self._stamp += PACKET
                target = self.target
                if not target:
                    continue
                self._sequence = self._sequence + 1 & 0xFFFF
                if self._keys:
                    kind, body, length = self._keys.pop(0)
                    body += struct.pack("!H", length * PACKET)
                    stamp = self._key_stamp
                else:
                    tone = self._tone[self._kind]
                    kind, body, stamp = self._kind, tone[self._stamp // PACKET % len(tone)], self._stamp
            header = struct.pack("!BBHI", 0x80, kind, self._sequence, stamp & 0xFFFFFFFF) + self._source
            try:
                self.socket.sendto(header + body, target)
            except OSError:
                pass  # nobody listens there any more, or we are closed

    def _listen(self):
        while self._open:
            try:
                packet = self.socket.recv(2_048)
            except ConnectionRefusedError:
                continue
            except OSError:
                return
            table = DECODE.get(packet[1] & 0x7F) if len(packet) > 12 else None
            if table is None:
                continue
            with self._lock:
                now = time.monotonic()
                self.packets += 1
                self._heard.append((now, [table[byte] for byte in packet[12:]]))
                while self._heard[0][0] < now - self.keeps:
                    self._heard.pop(0)


def encode_u(sample):
    """A sample of 16 bits as µ-law (ITU-T G.711)."""
    sign, value = (0x80, -sample) if sample < 0 else (0, sample)
    value = min(value, 32_635) + 0x84
    exponent = value.bit_length() - 8
    return ~(sign | exponent << 4 | value >> exponent + 3 & 0x0F) & 0xFF
