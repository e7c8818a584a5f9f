"""Phones over UDP, TCP and TLS, IPv4 and IPv6, at one site: each registers with digest and takes a call."""

import os
import signal
import socket
import ssl
import subprocess
import unittest

import agents
import phones
from cluster import Cluster, free_port, wait_for
from softphone import Softphone, trusting

QUEUE = {
    "name": "Support",
    "requiredSkills": [],
    "serviceLevelSeconds": 20,
    "ringSeconds": 20,
    "wrapUpSeconds": 30,
    "strategy": "longestIdle",
    "priority": 0,
    "affinitySeconds": 0,
}
KINDS = {
    "udp4": ("udp", "127.0.0.1"),
    "tcp4": ("tcp", "127.0.0.1"),
    "tls4": ("tls", "127.0.0.1"),
    "udp6": ("udp", "::1"),
    "tcp6": ("tcp", "::1"),
    "tls6": ("tls", "::1"),
}


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
            return True
    except OSError:
        return False


def make_certificates(folder):
    """An authority `ca.pem`, and `sip.pem` of the site for its name and addresses."""
    folder.mkdir()
    script = """
        set -e
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem \
            -subj /CN=ca -days 2
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout sip.key -out sip.csr -subj /CN=sip
        printf 'subjectAltName=DNS:sip.example.test,IP:127.0.0.1,IP:::1\\n' > sip.ext
        openssl x509 -req -in sip.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile sip.ext -out sip.pem
    """
    subprocess.run(["sh", "-c", script], cwd=folder, check=True, capture_output=True)


class SoftphoneAgent(agents.Agent):
    """An agent whose phone is not sipp."""

    def __init__(self, cluster, login, site, phone):
        self.login, self.site, self.softphone = login, cluster[site], phone
        self.client = wait_for(f"{login}'s account at {site}", self._sign_in)
        answer = phone.register()
        assert answer.status == 200, answer.start
        self.client.post("/api/v1/desk/sign-in")


class SIPTransportTests(unittest.TestCase):
    """One site with ports for all transports; each kind of phone has an agent and a queue of its own."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster("north")
        cls.addClassCleanup(cls.cluster.close)
        site = cls.cluster["north"]
        cls.ports = {"udp": site.sip, "tcp": site.sip, "tls": free_port()}
        make_certificates(cls.cluster.directory / "sip")
        listen = f"    - host: 127.0.0.1\n      port: {cls.ports['tls']}\n      transport: tls\n"
        if has_ipv6():
            listen += f'    - host: "::1"\n      port: {site.sip}\n'
            listen += f'    - host: "::1"\n      port: {cls.ports["tls"]}\n      transport: tls\n'
        site.write_config(f"  tls:\n    certificate: sip/sip.pem\n    key: sip/sip.key\n  listen:\n{listen}")
        site.start()
        cls.cluster.wait_linked()
        queues = {
            kind: {**QUEUE, "numbers": [f"10{index}0"], "requiredSkills": [f"{kind}:1"]}
            for index, kind in enumerate(KINDS)
        }
        skills = {kind: [f"{kind}:2"] for kind in KINDS}
        agents.prepare(cls.cluster, "north", {kind: "north" for kind in KINDS}, queues, skills)

    def softphone(self, kind, name=None, port=None):
        transport, host = KINDS[kind]
        context = trusting(self.cluster.directory / "sip" / "ca.pem") if transport == "tls" else None
        port = port or self.ports[transport]
        phone = Softphone(transport, host, port, kind, agents.PASSWORD, context, name)
        self.addCleanup(phone.close)
        return phone

    def takes_a_call(self, kind):
        self.addCleanup(phones.stop_all)
        agent = SoftphoneAgent(self.cluster, kind, "north", self.softphone(kind))
        self.addCleanup(agent.sign_out)
        phone = agent.softphone.take_call()
        agent.ready()
        caller = phones.caller(self.cluster["north"], f"10{list(KINDS).index(kind)}0", caller_number=f"+4930{kind[-1]}1")
        agent.wait_state("talking")
        caller.finish()
        phone.finish()
        agent.finish_wrap_up()

    def test_a_phone_over_udp_takes_a_call(self):
        self.takes_a_call("udp4")

    def test_a_phone_over_tcp_takes_a_call(self):
        self.takes_a_call("tcp4")

    def test_a_phone_over_tls_takes_a_call(self):
        self.takes_a_call("tls4")

    @unittest.skipUnless(has_ipv6(), "this machine has no IPv6 loopback address")
    def test_a_phone_over_udp_and_ipv6_takes_a_call(self):
        self.takes_a_call("udp6")

    @unittest.skipUnless(has_ipv6(), "this machine has no IPv6 loopback address")
    def test_a_phone_over_tcp_and_ipv6_takes_a_call(self):
        self.takes_a_call("tcp6")

    @unittest.skipUnless(has_ipv6(), "this machine has no IPv6 loopback address")
    def test_a_phone_over_tls_and_ipv6_takes_a_call(self):
        self.takes_a_call("tls6")

    def test_the_certificate_proves_the_name_and_is_read_again_when_it_changes(self):
        folder = self.cluster.directory / "sip"
        first = self.softphone("tls4", name="sip.example.test").socket.getpeercert()["serialNumber"]
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.softphone("tls4", name="other.example.test")
        subprocess.run(
            ["sh", "-c", "openssl x509 -req -in sip.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2"
             " -extfile sip.ext -out new.pem"],
            cwd=folder,
            check=True,
            capture_output=True,
        )
        os.replace(folder / "new.pem", folder / "sip.pem")
        self.cluster["north"].process.send_signal(signal.SIGHUP)
        wait_for(
            "the new certificate to be shown",
            lambda: self.softphone("tls4").socket.getpeercert()["serialNumber"] != first,
        )

    def test_a_wrong_password_is_refused_over_tls(self):
        phone = self.softphone("tls4")
        phone.password = "wrong"
        self.assertIn(phone.register().status, (401, 403))


if __name__ == "__main__":
    unittest.main()
