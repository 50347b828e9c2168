"""usage: table.py ROUNDS DATA PROGRAM=COMMAND.. - times every work with relver.h and with each peer
that is here, in turn, and writes the table to standard output, results.json and chart.svg.

A figure is the median over the rounds, in nanoseconds for one thing done. Machines are noisy, so a
ratio from 0.85 of its goal on passes. A peer that gives another answer is an error: then one of the
two does not do the work."""
import json
import math
import os
import statistics
import subprocess
import shutil
import sys

import lookups
import process

# work, peer, goal, rows where the peer would take minutes for a million, floor
ROWS = [
    ("semver-parse", "Rust semver", 1.5, None, "semver-floor"),
    ("semver-parse", "node-semver", 13, None, "semver-floor"),
    ("pep440-parse", "packaging", 30, 100000, "pep440-floor"),
    ("pep440-parse", "pep440_rs", 2.2, None, "pep440-floor"),
    ("semver-sort", "Rust semver", 1, None, "semver-floor"),
    ("semver-sort", "node-semver", 100, 100000, "semver-floor"),
    ("range-match", "Rust semver", 1.5, None, "ranges-floor"),
    ("range-match", "node-semver", 100, 100000, "ranges-floor"),
    ("toml-edit", "toml_edit", 20, None, None),
    ("toml-edit", "tomlkit", 1000, None, None),
    ("json-find", "yyjson", 1, None, None),
    ("json-find", "node JSON.parse", 30, None, None),
]
# Why a goal may be missed.
REASONS = {
    ("semver-parse", "Rust semver"): "numbers stay text, exact at any size, in portable C",
    ("semver-sort", "node-semver"): "its sort is timed on a tenth of the rows, which favours it",
    ("range-match", "Rust semver"): "both texts are read anew, and numbers stay text",
    ("range-match", "node-semver"): "both texts are read anew, and numbers stay text",
    ("toml-edit", "toml_edit"): "the whole file is validated, a byte at a time",
    ("toml-edit", "tomlkit"): "tomlkit 0.15 is a fifth faster than the 0.11 the goal was set on",
    ("json-find", "node JSON.parse"): "the whole file is validated; 30x would be 3.4 GB/s",
    ("changesets-300", "@changesets/cli"): "300 files are checked, synced and read back",
    ("changesets-10000", "1,000 packages"): "ten times as much is more than the caches hold",
    ("lookups-fast", "bare libcurl"): "a thousand packages are read before they are asked for",
}
PROGRAM = {"Rust semver": "rust", "toml_edit": "rust", "pep440_rs": "rust", "node-semver": "node",
           "node JSON.parse": "node", "packaging": "python", "tomlkit": "python",
           "yyjson": "python"}
WORDS = {"semver-parse": "SemVer, parse", "pep440-parse": "PEP 440, parse",
         "semver-sort": "SemVer, parse and sort", "range-match": "requirement and version, match",
         "toml-edit": "TOML, replace a version", "json-find": "5 MB of JSON, find a version"}
WORDS.update(process.WORDS)
WORDS.update(lookups.WORDS)


def run(command, work, data, rows):
    words = command.split() + [work, data] + ([str(rows)] if rows else [])
    ops, nanoseconds, answer = subprocess.check_output(words, text=True).split()
    return int(nanoseconds) / int(ops), answer


def measure(programs, data, rounds):
    """{(program, work, rows): nanoseconds}, and the answers"""
    keys = []
    for work, peer, _, rows, floor in ROWS:
        for key in (("relver", work, None), (PROGRAM[peer], work, rows), ("relver", floor, None)):
            if key[1] and key[0] in programs and key not in keys:
                keys.append(key)
    times, answers = {key: [] for key in keys}, {}
    for _ in range(rounds):
        for key in keys:
            took, answers[key] = run(programs[key[0]], key[1], data, key[2])
            times[key].append(took)
    return {key: statistics.median(took) for key, took in times.items()}, answers


def table(times, answers):
    lines = []
    for work, peer, goal, rows, floor in ROWS:
        own, other = ("relver", work, None), (PROGRAM[peer], work, rows)
        if other not in times:
            print(f"SKIPPED: {work}: no {peer} here")
            continue
        if rows is None and answers[own] != answers[other]:
            sys.exit(f"bench: {work}: relver.h says {answers[own]}, {peer} {answers[other]}")
        ratio = times[other] / times[own]
        lines.append({"work": work, "peer": peer, "relver_ns": round(times[own], 1),
                      "peer_ns": round(times[other], 1), "ratio": round(ratio, 2), "goal": goal,
                      "floor_ns": round(times[("relver", floor, None)], 1) if floor else None,
                      "reached": ratio >= goal * 0.85})
    return lines


def show(lines):
    print(f"{'work':14} {'peer':24} {'relver ns':>11} {'peer ns':>12} {'ratio':>8} {'goal':>6} "
          f"{'floor ns':>9}")
    for r in lines:
        print(f"{r['work']:14} {r['peer']:24} {r['relver_ns']:11.1f} {r['peer_ns']:12.1f} "
              f"{r['ratio']:7.2f}x {r['goal']:5}x {r['floor_ns'] or '-':>9}"
              f"{'' if r['reached'] else '  missed: ' + r['reason']}")


def chart(lines):
    """Bars of the ratios, on a logarithmic scale; the goal is a mark on each."""
    left, scale, step = 330, 115, 26
    height = step * len(lines) + 50
    x = lambda ratio: left + scale * math.log10(max(ratio, 0.5) / 0.5)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="860" height="{height}" '
           'font-family="sans-serif" font-size="13">',
           '<rect width="100%" height="100%" fill="#fff"/>',
           '<text x="10" y="20" font-weight="bold">How many times faster than its peer '
           '(mark: the goal)</text>']
    for i, r in enumerate(lines):
        y = 34 + step * i
        mark = x(r["goal"])
        out += [f'<text x="10" y="{y + 14}">{WORDS[r["work"]]}</text>',
                f'<text x="{left - 8}" y="{y + 14}" text-anchor="end" fill="#555">{r["peer"]}'
                '</text>',
                f'<rect x="{left}" y="{y + 2}" width="{x(r["ratio"]) - left:.0f}" height="16" '
                f'fill="{"#2b7a4b" if r["reached"] else "#b0803a"}"/>',
                f'<path d="M{mark:.0f} {y}v20" stroke="#222" stroke-width="2"/>',
                f'<text x="{max(x(r["ratio"]), mark) + 6:.0f}" y="{y + 14}">'
                f'{r["ratio"]:.3g}x</text>']
    return "\n".join(out + ["</svg>"]) + "\n"


def main():
    rounds, data = int(sys.argv[1]), sys.argv[2]
    programs = dict(word.split("=", 1) for word in sys.argv[3:])
    python = programs.get("python", "").split(" ")[0]
    lines = table(*measure(programs, data, rounds))
    lines += process.lines(rounds, data, python, programs.get("changesets"))
    lines += lookups.lines(rounds, data, shutil.which)
    for r in lines:
        if not r["reached"]:
            r["reason"] = REASONS.get((r["work"], r["peer"]), "unknown")
    show(lines)
    here = os.path.dirname(os.path.abspath(__file__))
    if os.environ.get("RECORD"):
        with open(f"{here}/results.json", "w", encoding="ascii") as f:
            json.dump({"rounds": rounds, "rows": lines}, f, indent=1)
            f.write("\n")
        with open(f"{here}/chart.svg", "w", encoding="ascii") as f:
            f.write(chart(lines))
    missed = sum(not r["reached"] for r in lines)
    print(f"{len(lines) - missed} goals reached, {missed} missed")


main()
