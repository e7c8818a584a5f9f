"""Session descriptions as a plain phone writes and reads them: one line of audio, G.711 and telephone events."""

import re

OPPOSITE = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}


def direction(description):
    """The direction of a description, from its writer's view; `sendrecv` when it says none."""
    found = re.search(r"^a=(sendrecv|sendonly|recvonly|inactive)\r?$", description, re.MULTILINE)
    if re.search(r"^c=IN IP4 0\.0\.0\.0\r?$", description, re.MULTILINE):
        return "inactive"
    return found.group(1) if found else "sendrecv"


def address(description):
    """Host and port where the writer of a description wants its audio."""
    host = re.search(r"^c=IN IP4 (\S+)\r?$", description, re.MULTILINE)
    port = re.search(r"^m=audio (\d+) ", description, re.MULTILINE)
    return (host.group(1), int(port.group(1))) if host and port else None


def payloads(description):
    """The payload types of the audio line, the writer's favourite first."""
    found = re.search(r"^m=audio \d+ \S+ ([\d ]+)\r?$", description, re.MULTILINE)
    return [int(number) for number in found.group(1).split()] if found else []


class SessionWriter:
    """Writes the descriptions of one dialog: the same origin line, with a version that grows (RFC 3264 §8)."""

    def __init__(self, host, port):
        self.host, self.port, self.version = host, port, 0

    def offer(self, way="sendrecv"):
        return self._write([8, 0, 101], way)

    def answer(self, offer):
        known = [number for number in payloads(offer) if number in (0, 8, 101)]
        return self._write(known or [8], OPPOSITE[direction(offer)])

    def _write(self, numbers, way):
        self.version += 1
        lines = [
            "v=0",
            f"o=phone {self.port} {self.version} IN IP4 {self.host}",
            "s=-",
            f"c=IN IP4 {self.host}",
            "t=0 0",
            f"m=audio {self.port} RTP/AVP {' '.join(map(str, numbers))}",
        ]
        if 101 in numbers:
            lines += ["a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15"]
        return "\r\n".join([*lines, f"a={way}"]) + "\r\n"
