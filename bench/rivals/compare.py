"""compare.py PROGRAM ROUNDS EVENTS REPORT: every system on every work, interleaved, and a table of what came of it.

PROGRAM is Onefold's (bench/workloads.cpp). A system that is not installed, or does not do a work, is named and left out.
"""

import json
import os
import platform
import random
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
WORKS = {
    "trailing": "18 trailing features",
    "distinct": "distinct merchants, trailing 24 h",
    "asof": "as-of join",
    "spine": "as-of join and 18 features for labels",
    "hopping": "hopping windows, 1 h by 5 min",
    "tumbling": "tumbling windows, 1 h",
    "sessions": "sessions, gap 30 min",
}
SYSTEMS = {
    "Onefold": set(WORKS),
    "DuckDB": set(WORKS),
    "Polars": set(WORKS),
    "ClickHouse": {"trailing", "distinct", "hopping", "tumbling"},
}


def command(system, program):
    if system == "Onefold":
        return [program]
    return [sys.executable, os.path.join(HERE, system.lower() + "_work.py")]


def measure(system, program, work, keys, events):
    """One process; None where it fails or takes too long, and why on standard error."""
    arguments = command(system, program) + [work, keys, events]
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=300)
    except subprocess.TimeoutExpired:
        print(f"skipped: {system}, {work}, {keys}: not done after 300 s", file=sys.stderr)
        return None
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        print(f"skipped: {system}, {work}, {keys}: {reason[0]}", file=sys.stderr)
        return None
    return json.loads(done.stdout)


def agrees(ours, theirs):
    """Counts exactly; sums of doubles to the ninth digit, as theirs are rounded on the way."""
    if ours["result_rows"] != theirs["result_rows"]:
        return False
    for name, value in ours["checks"].items():
        other = theirs["checks"].get(name)
        if other is None:
            return False
        exact = name.startswith(("count", "merchants", "segment"))
        if (value != other) if exact else abs(value - other) > 1e-9 * abs(value):
            return False
    return True


def table(results, events):
    lines = [
        f"{time.strftime('%Y-%m-%d')}, {platform.machine()}, {os.environ['RIVALS_THREADS']} threads, {int(events):,} events, "
        "medians. Ratio: Onefold's rows per second over the rival's. Bits: how many different results a system gave, "
        "bit for bit.", "",
        "| work | keys | system | rows/s | rows per processor second | peak MB | ratio | agrees | bits |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for work, title in WORKS.items():
        for keys in ("zipf", "uniform"):
            ours = results.get(("Onefold", work, keys))
            for system in SYSTEMS:
                runs = results.get((system, work, keys))
                if not runs:
                    continue
                speed = statistics.median(run["rows"] / run["seconds"] for run in runs)
                per_second = statistics.median(run["rows"] / run["processor_seconds"] for run in runs)
                peak = statistics.median(run["peak_bytes"] for run in runs) / 1e6
                bits = len({digest for run in runs for digest in run["digests"]})
                ratio, agreement = "", ""
                if ours and system != "Onefold":
                    ratio = f"{statistics.median(run['rows'] / run['seconds'] for run in ours) / speed:.2f}"
                    agreement = "yes" if all(agrees(ours[0], run) for run in runs) else "no"
                lines.append(f"| {title} | {keys} | {system} | {speed / 1e6:.2f} M | {per_second / 1e6:.2f} M | {peak:.0f} | "
                             f"{ratio} | {agreement} | {bits} |")
    return "\n".join(lines) + "\n"


def main(program, rounds, events, report):
    results = {}
    for number in range(int(rounds)):
        runs = [(system, work, keys) for system, works in SYSTEMS.items() for work in works
                for keys in ("zipf", "uniform")]
        random.Random(number).shuffle(runs)
        for run in runs:
            if run in results and not results[run]:
                continue
            result = measure(run[0], program, run[1], run[2], events)
            results.setdefault(run, [])
            if result:
                results[run].append(result)
        with open(report, "w", encoding="utf-8") as file:
            file.write(table(results, events))
    print(open(report, encoding="utf-8").read())


if __name__ == "__main__":
    main(*sys.argv[1:])
