"""Carriers over TCP and TLS: calls both ways, certificates that are wrong, connections that are closed meanwhile."""

import socket
import ssl
import subprocess
import time
import unittest

import agents
from cluster import Cluster, free_port, wait_for
from floor import FloorAgent, queue
from streamcarrier import StreamCarrier

# A phone whose connection breaks has so long to come back; a carrier's call lasts on.
GRACE_SECONDS = 10


def make_certificates(folder):
    """Two authorities; the site's certificate, the carrier's, one of another name and one of the other authority."""
    folder.mkdir()
    script = """
        set -e
        new() { openssl req "$@" -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2; }
        for ca in ca other; do new -x509 -keyout $ca.key -out $ca.pem -subj /CN=$ca; done
        sign() {
            new -keyout $1.key -out $1.csr -subj /CN=$1
            printf "subjectAltName=$3\\n" > $1.ext
            openssl x509 -req -in $1.csr -CA $2.pem -CAkey $2.key -CAcreateserial -days 2 -extfile $1.ext -out $1.pem
        }
        sign site ca IP:127.0.0.1
        sign carrier ca DNS:localhost,IP:127.0.0.1
        sign liar ca DNS:elsewhere.example.test
        sign stranger other DNS:localhost,IP:127.0.0.1
    """
    subprocess.run(["bash", "-c", script], cwd=folder, check=True, capture_output=True)


class StreamTrunkCase:
    """One site, an agent whose phone is worked by hand, and a carrier."""

    def open_site(self):
        self.cluster = Cluster("north")
        self.addCleanup(self.cluster.close)
        self.site = self.cluster["north"]

    def start_site(self, extra):
        self.site.write_config(extra)
        self.site.start()
        self.cluster.wait_linked()
        agents.prepare(self.cluster, "north", {"ann": "north"}, {"support": queue("Support", "1000")})

    def at_work(self):
        agent = FloorAgent(self.cluster, "ann", "north")
        self.addCleanup(agent.line.close)
        agent.ready()
        return agent

    def log_says(self, *words):
        def found():
            return next((line for line in self.site.log.read_text(errors="replace").splitlines()
                         if all(word in line for word in words)), None)

        return wait_for(f"{words} in the site's log", found)

    def trunk(self, name, carrier, host="127.0.0.1", probe=0):
        return (
            f"    - name: {name}\n      host: {host}\n      port: {carrier.port}\n"
            f"      transport: {carrier.transport}\n      sources: [127.0.0.1/32]\n      probeSeconds: {probe}\n"
        )


OUTBOUND = 'outbound:\n  trunk: carrier\n  callerNumber: "+4930100"\n'


class TCPTrunkTests(StreamTrunkCase, unittest.TestCase):
    def setUp(self):
        self.open_site()
        self.carrier = StreamCarrier()
        self.addCleanup(self.carrier.close)
        self.start_site("  trunks:\n" + self.trunk("carrier", self.carrier) + OUTBOUND)
        self.agent = self.at_work()

    def outlives(self, seconds=GRACE_SECONDS + 3):
        """Nothing ends within the time that a phone would have."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.assertEqual(self.agent.desk()["agent"]["state"], "talking")
            time.sleep(0.5)

    def test_a_call_from_the_carrier_outlives_its_connection_and_ends_over_another(self):
        self.carrier.place(self.site.sip, "1000", "+4951")
        self.agent.wait_state("talking")
        self.carrier.close_lines()
        self.outlives()
        self.agent.order("hold")
        self.carrier.wait_heard("INVITE")
        self.assertEqual(self.carrier.opened, 1, "the site has made a connection")
        self.agent.order("resume")
        wait_for("the desk to show it", lambda: self.agent.call().get("state") == "talking")
        self.carrier.close_lines()
        self.carrier.hang_up(self.site.sip)
        self.agent.wait_state("ready")

    def test_a_call_to_the_carrier_outlives_its_connection_and_is_hung_up_over_another(self):
        self.agent.client.post("/api/v1/desk/calls", {"number": "+49895001"})
        self.carrier.wait_heard("ACK")
        self.agent.wait_state("talking")
        self.carrier.close_lines()
        self.outlives()
        self.agent.line.calls[0].hang_up()
        self.carrier.wait_heard("BYE")
        self.assertEqual(self.carrier.opened, 2)


class TLSTrunkTests(StreamTrunkCase, unittest.TestCase):
    def setUp(self):
        self.open_site()
        self.folder = self.cluster.directory / "sip"
        make_certificates(self.folder)

    def shown(self, name):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        return context

    def trusting(self, own=None):
        """What a carrier trusts when it calls: the site's authority; with a certificate of its own if one is named."""
        context = ssl.create_default_context(cafile=str(self.folder / "ca.pem"))
        if own:
            context.load_cert_chain(self.folder / f"{own}.pem", self.folder / f"{own}.key")
        return context

    def start(self, *trunks):
        self.port = free_port()
        self.start_site(
            "  tls:\n    certificate: sip/site.pem\n    key: sip/site.key\n    authority: sip/ca.pem\n"
            "    requireClientCertificate: true\n    trunkAuthority: sip/ca.pem\n"
            f"  listen:\n    - host: 127.0.0.1\n      port: {self.port}\n      transport: tls\n"
            "  trunks:\n" + "".join(trunks) + OUTBOUND
        )

    def carrier(self, name, trusts=None):
        carrier = StreamCarrier(self.shown(name), trusts)
        self.addCleanup(carrier.close)
        return carrier

    def test_calls_pass_both_ways_and_both_sides_prove_their_names(self):
        carrier = self.carrier("carrier", self.trusting("carrier"))
        self.start(self.trunk("carrier", carrier, host="localhost"))
        agent = self.at_work()
        carrier.place(self.port, "1000", "+4961")
        agent.wait_state("talking")
        carrier.hang_up(self.port)
        agent.wait_state("ready")
        agent.client.post("/api/v1/desk/calls", {"number": "+49895002"})
        carrier.wait_heard("ACK")
        agent.wait_state("talking")
        self.assertIn("sip:+49895002@localhost", next(m for k, _, m in carrier.heard if k == "INVITE").start)
        agent.line.calls[-1].hang_up()
        carrier.wait_heard("BYE")
        self.assertEqual(carrier.problems, [])

    def test_a_server_of_another_name_or_authority_hears_nothing_and_the_log_says_why(self):
        good = self.carrier("carrier", self.trusting("carrier"))
        liar, stranger = self.carrier("liar"), self.carrier("stranger")
        self.start(
            self.trunk("carrier", liar, host="localhost", probe=2),
            self.trunk("second", stranger, host="localhost", probe=2),
            self.trunk("third", good, host="localhost", probe=2),
        )
        good.wait_heard("OPTIONS")
        wait_for("both to be tried", lambda: liar.opened and stranger.opened)
        self.log_says("sip.not-sent", str(liar.port), "certificate")
        self.log_says("sip.not-sent", str(stranger.port), "certificate")
        agent = self.at_work()
        agent.client.post("/api/v1/desk/calls", {"number": "+49895003"})
        # Her phone is called, the carrier is not.
        wait_for("the call to be given up", lambda: agent.line.calls and agent.line.calls[0].state == "ended")
        self.assertEqual((liar.heard, stranger.heard), ([], []))

    def test_a_client_without_a_certificate_is_refused_before_it_can_say_anything(self):
        carrier = self.carrier("carrier")
        self.start(self.trunk("carrier", carrier, host="localhost"))
        for context in (self.trusting(), self.trusting("stranger")):
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
                with context.wrap_socket(plain, server_hostname="127.0.0.1") as line:
                    line.sendall(b"OPTIONS sip:x SIP/2.0\r\n\r\n")
                    if not line.recv(1):
                        raise ConnectionError("closed")


if __name__ == "__main__":
    unittest.main()
