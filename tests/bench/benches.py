"""The benches, and what each is to reach. A bench yields records; a goal is [words, value, limit] of one of them."""
import json
import os
import statistics
import subprocess

from contenders import BY_NAME
from race import quartiles, race, ratios, records

SIZES = {  # full, quick
    "page": (100, 3), "list": (10000, 250), "long": (100000, 500), "short": (1000, 200),
    "burst": (1000, 10), "watched": (10000, 20), "answers": (200, 3), "latency_ms": (50, 5),
}
OURS = ("our C", "our Lua, three fields", "our Lua, full rows")


class Bench:
    """`rounds` is how many, `quick` makes all sizes tiny."""

    def __init__(self, stage, rounds, quick):
        self.stage, self.rounds, self.quick = stage, rounds, quick

    def size(self, name):
        return SIZES[name][self.quick]

    def count(self, full):
        """Rounds of a bench: as wished, or else its own number."""
        return self.rounds or (1 if self.quick else full)

    def program(self, name, *arguments, **environment):
        """The JSON lines that a program of ours prints."""
        changed = {key: value for key, value in environment.items() if value is not None}
        told = subprocess.run([self.stage.program(name), *map(str, arguments)], check=True, stdout=subprocess.PIPE,
                              env=dict(os.environ, **changed))
        return [json.loads(line) for line in told.stdout.splitlines()]


def with_goals(found, goals):
    for record in found:
        record["goals"] = [list(goal) for name, *goal in goals if name == record["contender"]]
        yield record


def value_of(runs, name, against="naive C"):
    return statistics.median(ratios(runs, name, against))


def cold(bench):
    """A process that reads one page."""
    names, rows = list(BY_NAME), bench.size("page")
    for name in ("our C, concurrency 8", "our Lua, concurrency 8", "our C, page by page"):
        names.remove(name)
    runs = race(bench.stage, names, rows, 0, bench.count(21))
    yield from with_goals(records("one page, cold process", runs, rows, 0), [
        ("our C", "x naive C", value_of(runs, "our C"), 1.1),
        ("our command", "x naive C", value_of(runs, "our command"), 2.5),
        ("our SOAR shim", "x SOAR connector, requests",
         value_of(runs, "our SOAR shim", "SOAR connector, requests"), 0.4),
    ])


def whole_list(bench):
    """All pages, one after the other or side by side, from a server that answers at once."""
    names, rows = list(BY_NAME), bench.size("list")
    for name in ("our C, concurrency 8", "our Lua, concurrency 8"):
        names.remove(name)
    runs = race(bench.stage, names, rows, 0, bench.count(7))
    goals = [("our C", "x naive C", value_of(runs, "our C"), 1.1),
             ("our Lua, three fields", "x naive C", value_of(runs, "our Lua, three fields"), 1.2),
             ("our Lua, full rows", "x naive C", value_of(runs, "our Lua, full rows"), 2.2)]
    for name in OURS:
        for other in names:
            if BY_NAME[other].scripting:
                goals.append((name, "x " + other, value_of(runs, name, other), 1.0))
    yield from with_goals(records("whole list", runs, rows, 0), goals)


def slow_server(bench):
    """The same where each reply takes its time."""
    names = ["naive C", "our C", "our C, concurrency 8", "our C, page by page", "our Lua, three fields",
             "our Lua, concurrency 8", "LuaSocket + lua-cjson", "Python requests"]
    rows, latency_ms = bench.size("list"), bench.size("latency_ms")
    runs = race(bench.stage, names, rows, latency_ms, bench.count(5))
    yield from with_goals(records("whole list, slow server", runs, rows, latency_ms), [
        ("our C", "x naive C", value_of(runs, "our C"), 0.30),
        ("our C, concurrency 8", "x naive C", value_of(runs, "our C, concurrency 8"), 0.16),
        ("our Lua, three fields", "x naive C", value_of(runs, "our Lua, three fields"), 0.30),
        ("our Lua, concurrency 8", "x naive C", value_of(runs, "our Lua, concurrency 8"), 0.16),
    ])


def long_list(bench):
    """Memory and time a row of a long list against a short one, in turn."""
    limits_kb = {"our C": 20 * 1024, "our Lua, three fields": 28 * 1024, "our Lua, full rows": 28 * 1024}
    names = ["naive C", *limits_kb]
    many, few = bench.size("long"), bench.size("short")
    by_size = {many: {name: [] for name in names}, few: {name: [] for name in names}}
    for _ in range(bench.count(3)):
        for rows, runs in by_size.items():
            for name, found in race(bench.stage, names, rows, 0, 1).items():
                runs[name].extend(found)
    goals = []
    for name, limit_kb in limits_kb.items():
        goals.append((name, "KB", max(run.peak_kb for run in by_size[many][name]), limit_kb))
        growth = [(one.ms / many) / (other.ms / few) for one, other in zip(by_size[many][name], by_size[few][name])]
        goals.append((name, "x the time a row of {0:,} rows".format(few), statistics.median(growth), 1.1))
    yield from with_goals(records("long list, streamed", by_size[many], many, 0), goals)
    yield from records("long list, streamed", by_size[few], few, 0)


def reading(bench):
    """tl_json_parse against cJSON's own parser, in one process."""
    lines = bench.program("reading", bench.count(31))
    for name, member in (("cJSON, unchecked", "bare_ms"), ("our strict reader", "strict_ms")):
        shares = [line[member] / line["bare_ms"] for line in lines]
        share = statistics.median(shares)
        yield {"bench": "reading a page's JSON", "contender": name, "rows": 100, "latency_ms": 0,
               "median_ms": round(statistics.median(line[member] for line in lines), 4),
               "ratio_to_naive_c": round(share, 3), "peak_kb": None,
               "quartiles": [round(each, 3) for each in quartiles(shares)],
               "cpu_ratio": None, "rounds": len(lines),
               "goals": [["x cJSON", share, 1.4]] if member == "strict_ms" else []}


def chain_record(bench, rows, latency_ms, median_ms, rounds, goals, contender="our chain", peak_kb=None, **more):
    return {"bench": bench, "contender": contender, "rows": rows, "latency_ms": latency_ms,
            "median_ms": round(median_ms, 2), "ratio_to_naive_c": None, "peak_kb": peak_kb, "quartiles": None,
            "cpu_ratio": None, "rounds": rounds, "goals": goals, **more}


def burst(bench):
    """Prompts that were all answered meanwhile: time against that of the calls, 8 side by side."""
    prompts, latency_ms, rounds = bench.size("burst"), 20, bench.count(3)
    for place, folder in (("ledger on disk", None), ("ledger in memory", "/dev/shm")):
        lines = [bench.program("chain", "burst", prompts, latency_ms, TMPDIR=folder)[0] for _ in range(rounds)]
        by_name = {name: [line[name] for line in lines] for name in ("ms", "bare_ms", "calls", "cpu_ms", "peak_kb")}
        ideal_ms = by_name["calls"][0] * latency_ms / 8
        yield chain_record(
            "answered prompts", prompts, latency_ms, statistics.median(by_name["ms"]), rounds,
            [["x calls x latency / 8", statistics.median(by_name["ms"]) / ideal_ms, 1.3]], "our chain, " + place,
            max(by_name["peak_kb"]), calls=lines[0]["paths"], cpu_ms=statistics.median(by_name["cpu_ms"]))
    yield chain_record("answered prompts", prompts, latency_ms, statistics.median(by_name["bare_ms"]), rounds, [],
                       "libcurl, as many calls", ideal_ms=ideal_ms)


def idle(bench):
    """What a poll costs while nothing happens."""
    prompts = bench.size("watched")
    lines = bench.program("chain", "idle", prompts)
    yield chain_record("idle chain", prompts, 0, statistics.median(line["ms"] for line in lines), len(lines),
                       [["requests a poll", max(line["calls"] for line in lines), 1],
                        ["ms CPU a poll", statistics.median(line["cpu_ms"] for line in lines), 20]],
                       peak_kb=max(line["peak_kb"] for line in lines))


def answers(bench):
    """From an answer to its permit's arrival."""
    prompts, latency_ms = bench.size("answers"), 20
    lines = bench.program("chain", "answers", prompts, latency_ms)
    times = sorted(line["ms"] for line in lines)
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    limit = lines[0]["poll_ms"] + 8 * latency_ms
    yield chain_record("answer to permit", prompts, latency_ms, statistics.median(times), len(lines),
                       [["ms, p99 (a poll and 8 round trips)", p99, limit]])


ALL = {"cold": cold, "list": whole_list, "slow": slow_server, "long": long_list, "reading": reading, "burst": burst,
       "idle": idle, "answers": answers}
