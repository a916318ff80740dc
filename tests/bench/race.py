"""Runs contenders in turn, round after round, and keeps what was measured."""
import collections
import json
import os
import statistics
import subprocess

from contenders import BY_NAME, NAIVE

Run = collections.namedtuple("Run", "ms cpu_ms peak_kb")


class Wrong(Exception):
    """A contender failed, or printed something else than the others."""


class Server:
    def __init__(self, program):
        self._process = subprocess.Popen([program], stdout=subprocess.PIPE, text=True)
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            raise Wrong("the server does not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()


def run_once(stage, contender, rows, latency_ms):
    """The Run, and the three members of each row that came of it."""
    output = os.path.join(stage.scratch, "output")
    report = subprocess.run([stage.program("measure"), output, *contender.command(stage, rows, latency_ms)], check=True,
                            cwd=stage.scratch, env=stage.environment(rows, latency_ms), stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE)
    told = json.loads(report.stdout)
    if told.pop("exit") != 0:
        raise Wrong("{0} failed".format(contender.name))
    with open(output, "rb") as file:
        return Run(**told), contender.lines(file.read())


def compare_outputs(stage, names, rows, latency_ms):
    """Before anything is measured: all say the same, and say it of every row."""
    expected = None
    for name in names:
        _, lines = run_once(stage, BY_NAME[name], rows, latency_ms)
        if expected is None:
            expected = lines
        if lines.count(b"\n") != rows or len(set(lines.splitlines())) != rows:
            raise Wrong("{0} gives {1} rows, not {2}".format(name, lines.count(b"\n"), rows))
        if lines != expected:
            raise Wrong("{0} and {1} differ".format(name, names[0]))


def race(stage, names, rows, latency_ms, rounds):
    """{name: [Run of each round]}. Who begins moves on with each round."""
    compare_outputs(stage, names, rows, latency_ms)
    runs = {name: [] for name in names}
    for number in range(rounds):
        start = number % len(names)
        for name in names[start:] + names[:start]:
            runs[name].append(run_once(stage, BY_NAME[name], rows, latency_ms)[0])
    return runs


def median_of(runs, member):
    return statistics.median(getattr(run, member) for run in runs)


def ratios(runs, name, against, member="ms"):
    """One for each round."""
    return [getattr(one, member) / getattr(other, member) for one, other in zip(runs[name], runs[against])]


def quartiles(values):
    return statistics.quantiles(values, n=4, method="inclusive")[::2] if len(values) > 1 else [values[0]] * 2


def records(bench, runs, rows, latency_ms):
    """One for each contender, without verdicts."""
    for name in runs:
        shares = ratios(runs, name, NAIVE) if NAIVE in runs else None
        yield {"bench": bench, "contender": name, "rows": rows, "latency_ms": latency_ms,
               "median_ms": round(median_of(runs[name], "ms"), 2),
               "ratio_to_naive_c": shares and round(statistics.median(shares), 3),
               "peak_kb": max(run.peak_kb for run in runs[name]),
               "quartiles": shares and [round(share, 3) for share in quartiles(shares)],
               "cpu_ratio": shares and round(statistics.median(ratios(runs, name, NAIVE, "cpu_ms")), 3),
               "rounds": len(runs[name])}
