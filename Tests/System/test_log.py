"""What the log is read by must not decide over calls."""

import fcntl
import os
import signal
import subprocess
import sys
import termios
import unittest

import cluster
import phones
from cluster import Cluster


class LogTests(unittest.TestCase):
    def setUp(self):
        self.cluster = Cluster("north")
        self.addCleanup(self.cluster.close)
        self.site = self.cluster["north"]

    def test_a_log_that_nobody_reads_stops_no_site_and_is_whole_when_it_is_read(self):
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        # Holds a few lines: the site is stuck in it before it has started.
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4_096)
        self.site.write_config()
        environment = dict(os.environ, TANDEM_ADMIN_PASSWORD=cluster.ADMIN_PASSWORD, TANDEM_LOG_LEVEL="debug")
        self.site.process = subprocess.Popen(
            [cluster.BINARY, "site", "run", "--config", str(self.site.config)],
            stdin=subprocess.DEVNULL, stdout=writing, stderr=writing, env=environment,
        )
        os.close(writing)
        self.site.wait_ready()
        phones.caller_sent_away(self.site, "4711", 404, calls=50, rate=50).finish()
        self.assertGreaterEqual(unread(reading), 3_000, "the pipe is full")
        phones.caller_sent_away(self.site, "4711", 404, calls=50, rate=50).finish()
        self.assertIsNone(self.site.process.poll())
        self.site.process.send_signal(signal.SIGTERM)
        text = b""
        while piece := os.read(reading, 65_536):
            text += piece
        self.assertEqual(self.site.process.wait(timeout=cluster.DEADLINE_SECONDS), 0)
        self.site.process = None
        self.assertGreater(len(text), 4_096)
        lines = text.decode().splitlines()
        self.assertTrue(all(line[:4].isdigit() for line in lines), "no line is torn")
        self.assertIn("site.stopped", lines[-1])


def unread(descriptor):
    """How many bytes wait in a pipe."""
    return int.from_bytes(fcntl.ioctl(descriptor, termios.FIONREAD, bytes(4)), sys.byteorder)
