"""The benches run with tiny sizes: every contender gives the same rows, and the table and its records are whole.

test_bench.py BUILD. Nothing here looks at how long anything took.
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

import benches
import contenders
import race
import table

BUILD = sys.argv.pop(1)
HERE = os.path.dirname(os.path.abspath(__file__))
MEMBERS = {"bench", "contender", "rows", "latency_ms", "median_ms", "ratio_to_naive_c", "peak_kb"}


class Quick(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "records")
            run = subprocess.run([sys.executable, "-B", os.path.join(HERE, "bench.py"), "--build", BUILD, "--quick", "--json",
                                  path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
            if run.returncode != 0:
                raise AssertionError(run.stderr)
            cls.table = run.stdout.splitlines()
            with open(path, encoding="utf-8") as file:
                cls.records = [json.loads(line) for line in file]

    def test_every_contender_is_measured(self):
        self.assertEqual(set(contenders.BY_NAME), {record["contender"] for record in self.records}
                         - {"our chain", "our chain, ledger on disk", "our chain, ledger in memory",
                            "libcurl, as many calls", "our strict reader", "cJSON, unchecked"})

    def test_records_are_whole(self):
        for record in self.records:
            self.assertLessEqual(MEMBERS, set(record))
            self.assertGreater(record["median_ms"], 0)
            if record["contender"] == contenders.NAIVE:
                self.assertEqual(1, record["ratio_to_naive_c"])

    def test_each_bench_has_a_goal(self):
        judged = {record["bench"] for record in self.records if record.get("goals")}
        self.assertEqual({record["bench"] for record in self.records}, judged)
        self.assertEqual(len(benches.ALL), len(judged))

    def test_the_table_has_a_line_for_each_record_and_each_further_goal(self):
        titles = [line for line in self.table if line.startswith("-- ")]
        expected = sum(max(1, len(record.get("goals", []))) for record in self.records)
        self.assertEqual(1 + len(titles) + expected, len(self.table))
        self.assertEqual(len({record["bench"] for record in self.records}), len(titles))

    def test_the_table_says_whether_a_goal_was_reached(self):
        goals = [goal for record in self.records for goal in record.get("goals", [])]
        said = [line for line in self.table if " reached " in line or " MISSED " in line]
        self.assertEqual(len(goals), len(said))
        self.assertEqual(sum(map(table.reached, goals)), sum(" reached " in line for line in said))


class Comparison(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        server = race.Server(os.path.join(BUILD, "tests", "bench", "bench_server"))
        self.addCleanup(server.__exit__)
        self.stage = contenders.Stage(os.path.abspath(BUILD), self.scratch.name, server.url)
        self.addCleanup(contenders.BY_NAME.pop, "other", None)

    def refuse(self, part, command):
        contenders.BY_NAME["other"] = contenders.Contender("other", command, contenders.same, False)
        with self.assertRaisesRegex(race.Wrong, part):
            race.compare_outputs(self.stage, ["naive C", "other"], 150, 0)

    @staticmethod
    def naive_and(change):
        return lambda stage, rows, latency_ms: ["sh", "-c", '"$1" | ' + change, "sh", stage.program("naive")]

    def test_a_row_that_is_missing_is_noticed(self):
        self.refuse("gives 149 rows", self.naive_and("tail -n +2"))

    def test_a_row_that_comes_twice_is_noticed(self):
        self.refuse("gives 150 rows", self.naive_and("sed -e 2p -e 1d"))

    def test_another_value_is_noticed(self):
        self.refuse("differ", self.naive_and("sed s/WS-0007/WS-0008/"))

    def test_a_contender_that_fails_is_noticed(self):
        self.refuse("other failed", lambda stage, rows, latency_ms: ["false"])


class Arithmetic(unittest.TestCase):
    RUNS = {"naive C": [race.Run(10, 5, 1000), race.Run(20, 5, 900), race.Run(40, 5, 800)],
            "other": [race.Run(20, 5, 700), race.Run(20, 10, 2000), race.Run(20, 15, 600)]}

    def test_ratios_are_those_of_the_same_round(self):
        self.assertEqual([2, 1, 0.5], race.ratios(self.RUNS, "other", "naive C"))

    def test_a_record_has_medians_and_the_highest_peak(self):
        _, other = race.records("bench", self.RUNS, 100, 0)
        self.assertEqual((20, 1, 2000, 2, 3), tuple(other[name] for name in (
            "median_ms", "ratio_to_naive_c", "peak_kb", "cpu_ratio", "rounds")))

    def test_a_goal_is_reached_up_to_its_limit(self):
        self.assertTrue(table.reached(["", 1.1, 1.1]))
        self.assertFalse(table.reached(["", 1.11, 1.1]))


unittest.main()
