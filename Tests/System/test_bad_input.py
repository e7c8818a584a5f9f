"""What goes wrong from outside gets a clear word and loses nothing."""

import json
import re
import shutil
import signal
import socket
import unittest

from cluster import ADMIN_PASSWORD, Cluster, run, wait_for


class StartTests(unittest.TestCase):
    def setUp(self):
        self.cluster = Cluster("north", "south")
        self.addCleanup(self.cluster.close)
        for site in self.cluster.sites.values():
            site.write_config()
        self.north = self.cluster["north"]

    def refused(self, code=78, environment=None):
        result = run("site", "run", "--config", str(self.north.config), check=False, environment=environment)
        self.assertEqual(result.returncode, code, result.stderr)
        return result.stderr

    def test_a_mistake_in_the_configuration_is_named_with_its_line(self):
        text = self.north.config.read_text().replace("  port: ", "  prot: ", 1)
        self.north.config.write_text(text)
        line = text.splitlines().index(next(l for l in text.splitlines() if "prot" in l)) + 1
        words = self.refused()
        self.assertIn(f"north.yaml:{line}: unknown key 'http.prot'; did you mean 'port'?", words)

    def test_a_missing_configuration_is_told(self):
        self.north.config.unlink()
        self.assertIn("cannot be read", self.refused())

    def test_a_port_in_use_is_named(self):
        for key, port in [("http", self.north.http), ("mesh", self.north.mesh), ("sip", self.north.sip)]:
            with self.subTest(key), socket.socket() as taken:
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                taken.bind(("127.0.0.1", port))
                taken.listen()
                self.assertIn(str(port), self.refused(code=1))

    def test_the_database_of_another_site_is_refused(self):
        self.north.start()
        self.assertEqual(self.north.stop(), 0)
        data = self.cluster.directory / "data"
        shutil.copytree(data / "north", data / "south")
        result = run("site", "run", "--config", str(self.cluster["south"].config), check=False)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("north", result.stderr)
        self.assertIn("south", result.stderr)

    def test_a_second_process_on_one_database_is_refused(self):
        self.north.start()
        words = self.refused(
            code=1, environment={"TANDEM_HTTP_PORT": "0", "TANDEM_MESH_PORT": "0", "TANDEM_SIP_PORT": "0"}
        )
        self.assertIn(str(self.north.process.pid), words)

    def test_a_certificate_of_another_site_or_authority_gets_nothing(self):
        pki = self.cluster.directory / "pki"
        run("pki", "init", "--cluster", "test", "--directory", str(self.cluster.directory / "other"))
        run("pki", "issue", "south", "--directory", str(self.cluster.directory / "other"))
        for name in ["south.pem", "south-key.pem"]:
            shutil.copy(self.cluster.directory / "other" / name, pki / name)
        self.north.start()
        south = self.cluster["south"]
        south.start()
        for site in [self.north, south]:
            wait_for(f"{site.name} to say why there is no link", lambda: "kind=other-authority" in site.tail())
            self.assertIn('reason="other-authority"', site.client.get("/metrics").decode())
        wall = self.cluster.admin("north").get("/api/v1/wall")
        self.assertEqual(wall["completeness"], {"heard": 1, "of": 2})

    def name_a_list(self):
        revoked = self.cluster.directory / "pki" / "revoked.txt"
        text = self.north.config.read_text()
        self.north.config.write_text(text.replace("  peers:", "  revoked: pki/revoked.txt\n  peers:", 1))
        return revoked

    def linked(self):
        return self.cluster.admin("north").get("/api/v1/wall")["completeness"]["heard"] == 2

    def test_a_list_of_revoked_certificates_that_is_not_there_or_broken_is_told(self):
        revoked = self.name_a_list()
        self.assertIn("revoked.txt cannot be read; when nothing is revoked, an empty file says so", self.refused(code=1))
        revoked.write_text("# lost\neast.pem\n")
        self.assertIn("revoked.txt: line 2: 'east.pem' is no serial number", self.refused(code=1))

    def test_a_revoked_certificate_ends_its_link_until_there_is_a_new_one(self):
        revoked = self.name_a_list()
        revoked.write_text("")
        south = self.cluster["south"]
        self.north.start()
        south.start()
        wait_for("a link", self.linked)
        pki = self.cluster.directory / "pki"
        said = run("pki", "revoke", str(pki / "south.pem"), "--list", str(revoked), "--reason", "laptop stolen").stdout
        serial = json.loads(run("pki", "inspect", str(pki / "south.pem"), "--json").stdout)[0]["serial"]
        self.assertIn(serial, said)
        self.north.process.send_signal(signal.SIGHUP)
        for site in [self.north, south]:
            wait_for("each site to say why", lambda: "kind=certificate-revoked" in site.tail())
            self.assertIn('reason="certificate-revoked"', site.client.get("/metrics").decode())
        self.assertIn("laptop stolen", south.tail())
        self.assertFalse(self.linked())

        run("pki", "issue", "south", "--replace", "--directory", str(pki))
        south.process.send_signal(signal.SIGHUP)
        wait_for("a link with the new certificate", self.linked)
        self.assertIn("certificate.renewed", south.tail())

    def test_a_certificate_that_runs_out_soon_is_told(self):
        pki = self.cluster.directory / "pki"
        run("pki", "issue", "north", "--replace", "--days", "12", "--directory", str(pki))
        self.north.start()
        # The end is rounded up to a second, so that twelve days are left in the first one.
        wait_for("the alarm", lambda: re.search(r"certificate\.expires days=1[12] holder=own", self.north.tail()))
        ready = self.north.client.get("/readyz")
        self.assertTrue(ready["ready"])
        self.assertRegex("".join(ready["reasons"]), r"^The certificate 'own' expires in 1[12] days\.$")
        metrics = self.north.client.get("/metrics").decode()
        self.assertRegex(metrics, r'tandem_certificate_days_left\{holder="own"\} 1[12]')

    def test_a_stop_by_signal_is_clean(self):
        self.north.start()
        self.assertEqual(self.north.stop(), 0)
        self.assertIn("stopped", self.north.tail())


class WireTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster("north")
        cls.addClassCleanup(cls.cluster.close)
        cls.cluster.start()
        cls.north = cls.cluster["north"]

    def tearDown(self):
        self.assertIsNone(self.north.process.poll(), self.north.tail())
        self.north.client.get("/healthz")

    def test_malformed_http_is_refused_and_harms_nothing(self):
        for text in [b"\x00\xff\x00\xff\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"POST /api/v1/session HTTP/1.1\r\n\r\n{",
                     b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n"]:
            with socket.create_connection(("127.0.0.1", self.north.http), timeout=10) as wire:
                try:
                    wire.sendall(text)
                    wire.shutdown(socket.SHUT_WR)
                    wire.recv(4096)
                except OSError:
                    pass  # being cut off is a right answer to this

    def test_malformed_json_is_refused_with_its_place(self):
        from cluster import Problem

        with self.assertRaises(Problem) as caught:
            self.north.client.request(
                "POST", "/api/v1/session", b'{"login": "admin",', headers={"Content-Type": "application/json"}, raw=True
            )
        self.assertEqual(caught.exception.status, 400)

    def sip(self, text):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
            wire.settimeout(10)
            wire.sendto(text, ("127.0.0.1", self.north.sip))
            wire.sendto(self.options(wire.getsockname()[1]), ("127.0.0.1", self.north.sip))
            answers = []
            while True:
                answer = wire.recv(65_536)
                answers.append(answer)
                if b"probe" in answer:
                    return answers

    @staticmethod
    def options(port):
        return (
            f"OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bKprobe{port};rport\r\n"
            "From: <sip:probe@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: probe\r\nCSeq: 1 OPTIONS\r\n"
            "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
        ).encode()

    def test_malformed_sip_is_refused_and_the_next_message_is_answered(self):
        for text in [b"", b"\r\n\r\n", b"\x00" * 100, b"INVITE\r\n\r\n", b"INVITE sip:x SIP/2.0\r\n\r\n",
                     b"A" * 60_000, "INVITE sip:1000@127.0.0.1 SIP/2.0\r\nVia: 王\r\n\r\n".encode()]:
            answers = self.sip(text)
            self.assertTrue(answers[-1].startswith(b"SIP/2.0 200"), answers)

    def test_garbage_at_the_mesh_port_is_cut_off(self):
        with socket.create_connection(("127.0.0.1", self.north.mesh), timeout=10) as wire:
            try:
                wire.sendall(b"GET / HTTP/1.1\r\n\r\n" * 100)
                while wire.recv(4096):
                    pass
            except OSError:
                pass  # a reset is as good as an end


class CommandLineTests(unittest.TestCase):
    def test_every_command_has_help(self):
        for command in [[], ["site"], ["site", "run"], ["site", "status"], ["pki", "init"], ["pki", "issue"],
                        ["pki", "revoke"],
                        ["pki", "inspect"],
                        ["import", "customers"], ["load"], ["simulate"]]:
            self.assertIn("USAGE", run(*command, "--help").stdout)

    def test_shell_completion_is_made(self):
        for shell in ["bash", "zsh", "fish"]:
            self.assertIn("tandem", run("--generate-completion-script", shell).stdout)

    def test_a_wrong_option_ends_with_64(self):
        self.assertEqual(run("site", "run", "--nonsense", check=False).returncode, 64)

    def test_a_site_that_does_not_run_is_told(self):
        result = run("site", "status", "--url", "http://127.0.0.1:1", check=False,
                     environment={"TANDEM_PASSWORD": ADMIN_PASSWORD})
        self.assertEqual(result.returncode, 1)
        self.assertIn("is the site running?", result.stderr)


if __name__ == "__main__":
    unittest.main()
