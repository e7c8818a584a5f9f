"""Planning from the command line: agents for a target, and a day with and without the loss of a site."""

import json
import pathlib
import tempfile
import unittest

from cluster import run

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "cluster-config" / "plan-example.yaml"


class AgentsTests(unittest.TestCase):
    def plan(self, *arguments):
        return json.loads(run("plan", "agents", *arguments, "--json").stdout)

    def test_erlang_c_gives_the_agents_of_the_reference(self):
        # 20 erlangs: 24 agents answer 84.7 % within 30 s, 13.4 s on average.
        answer = self.plan("--calls", "400/h", "--aht", "180", "--target", "84.6/30")
        self.assertEqual(answer["agents"], 24)
        self.assertEqual(answer["model"], "erlangC")
        row = next(row for row in answer["rows"] if row["agents"] == 24)
        self.assertAlmostEqual(row["meanWaitSeconds"], 13.4, delta=0.05)
        self.assertAlmostEqual(row["serviceLevel"], 0.847, delta=0.0005)

    def test_with_patience_callers_give_up_and_fewer_agents_do(self):
        patient = self.plan("--calls", "240/h", "--aht", "300", "--target", "80/20")
        leaving = self.plan("--calls", "240/h", "--aht", "300", "--target", "80/20", "--patience", "120")
        self.assertLess(leaving["agents"], patient["agents"])
        row = next(row for row in leaving["rows"] if row["agents"] == 21)
        self.assertAlmostEqual(row["abandonment"], 0.0848, delta=0.00005)

    def test_sites_apart_need_more_and_shrinkage_is_added(self):
        answer = self.plan("--calls", "720/h", "--aht", "180", "--target", "80/20", "--sites", "3", "--shrinkage", "30")
        self.assertGreater(answer["agentsOfSitesApart"], answer["agents"])
        self.assertGreaterEqual(answer["rostered"] * 0.7 + 1e-6, answer["agents"])

    def test_people_get_a_table(self):
        words = run("plan", "agents", "--calls", "240/h", "--aht", "180", "--target", "80/20").stdout
        self.assertIn("12.00 erlangs", words)
        self.assertIn("service level", words)

    def test_bad_values_are_named(self):
        for arguments, words in [
            (["--calls", "240", "--aht", "180", "--target", "80/20"], "--calls"),
            (["--calls", "240/h", "--aht", "0", "--target", "80/20"], "--aht must be"),
            (["--calls", "240/h", "--aht", "180", "--target", "120/20"], "--target"),
            (["--calls", "240/h", "--aht", "180", "--target", "80/20", "--shrinkage", "100"], "--shrinkage must be"),
        ]:
            with self.subTest(words):
                result = run("plan", "agents", *arguments, check=False)
                self.assertEqual(result.returncode, 64)
                self.assertIn(words, result.stderr)


class OutageTests(unittest.TestCase):
    def test_the_example_loses_a_site_and_shows_what_it_costs(self):
        result = run("plan", "outage", "--scenario", str(EXAMPLE), "--days", "2", "--json")
        answer = json.loads(result.stdout)
        self.assertEqual(answer["lost"], "north")
        before, after = answer["withoutLoss"], answer["withLoss"]
        self.assertEqual(len(before["intervals"]), 20)
        self.assertEqual(before["intervals"][0]["from"], "08:00")
        # The same callers come, and until the loss the days are the same.
        self.assertEqual(before["day"]["offered"], after["day"]["offered"])
        self.assertEqual(before["intervals"][:3], after["intervals"][:3])
        self.assertGreater(after["day"]["cutOff"]["mean"], 0)
        at_ten = before["intervals"][4]["serviceLevel"], after["intervals"][4]["serviceLevel"]
        self.assertLess(at_ten[1]["negative"]["mean"], at_ten[0]["negative"]["mean"])

    def test_an_even_day_needs_no_file(self):
        day = ["--sites", "north:6,east:6", "--calls", "160/h", "--aht", "180", "--from", "09:00", "--to", "11:00"]
        words = run("plan", "outage", *day, "--days", "2", "--lose", "east", "--at", "10:00").stdout
        self.assertEqual(
            words, run("plan", "outage", *day, "--days", "2", "--lose", "east", "--at", "10:00").stdout, "same seed"
        )
        self.assertIn("east is lost at 10:00; its agents are gone", words)
        self.assertIn("with the loss", words)
        self.assertIn("09:30", words)
        for block in "▁▂▃▄▅▆▇█\x1b":
            self.assertNotIn(block, words, "plain text where standard output is no terminal")

    def test_mistakes_in_a_file_are_named_with_their_lines(self):
        text = EXAMPLE.read_text().replace("handling: 180", "handlin: 180").replace("at: 10:00", "at: 25:00")
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(text)
            file.flush()
            result = run("plan", "outage", "--scenario", file.name, check=False)
        self.assertEqual(result.returncode, 65)
        self.assertIn("unknown key 'day.handlin'; did you mean 'handling'?", result.stderr)
        self.assertIn("'lose.at' is '25:00'; it must be a time of day", result.stderr)

    def test_a_site_that_is_not_there_cannot_be_lost(self):
        result = run("plan", "outage", "--scenario", str(EXAMPLE), "--lose", "west", "--at", "10:00", check=False)
        self.assertEqual(result.returncode, 65)
        self.assertIn("There is no site 'west' to lose; there are north, east, south.", result.stderr)

    def test_a_loss_outside_the_day_is_refused(self):
        result = run("plan", "outage", "--scenario", str(EXAMPLE), "--lose", "east", "--at", "19:00", check=False)
        self.assertEqual(result.returncode, 65)
        self.assertIn("The loss must happen during the day.", result.stderr)


if __name__ == "__main__":
    unittest.main()
