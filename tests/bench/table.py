"""The table for people, and what a verdict is."""
HEADINGS = ("contender", "rows", "latency", "median", "x naive C", "quartiles", "CPU x", "peak", "target")


def reached(goal):
    _, value, limit = goal
    return value <= limit


def number(value):
    return "{0:,}".format(value) if isinstance(value, int) else "{0:.3g}".format(value) if value < 100 else "{0:,.0f}".format(value)


def target_of(goal):
    words, value, limit = goal
    return "{0} {1} <= {2} {3}".format("reached" if reached(goal) else "MISSED ", number(value), number(limit), words)


def cells_of(record):
    goals = [target_of(goal) for goal in record.get("goals", [])]
    ratio = record["ratio_to_naive_c"]
    first = (record["contender"], "{0:,}".format(record["rows"]), "{0} ms".format(record["latency_ms"]),
             "{0:,.1f} ms".format(record["median_ms"]) if record["median_ms"] >= 10
             else "{0:.3f} ms".format(record["median_ms"]),
             "" if ratio is None else "{0:.2f}".format(ratio),
             "" if not record["quartiles"] else "{0:.2f}-{1:.2f}".format(*record["quartiles"]),
             "" if record["cpu_ratio"] is None else "{0:.2f}".format(record["cpu_ratio"]),
             "" if record["peak_kb"] is None else "{0:.1f} MB".format(record["peak_kb"] / 1024),
             goals[0] if goals else "")
    return [first] + [("",) * (len(first) - 1) + (goal,) for goal in goals[1:]]


def table(records):
    """Lines; a bench's name stands above its rows."""
    blocks = [(record["bench"], cells_of(record)) for record in records]
    rows = [HEADINGS] + [row for _, cells in blocks for row in cells]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADINGS))]

    def line(row):
        return "  ".join(cell.ljust(width) if at in (0, len(row) - 1) else cell.rjust(width)
                         for at, (cell, width) in enumerate(zip(row, widths))).rstrip()

    yield line(HEADINGS)
    last = None
    for bench, cells in blocks:
        if bench != last:
            yield "-- " + bench
            last = bench
        yield from map(line, cells)
