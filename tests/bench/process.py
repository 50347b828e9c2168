"""Whole commands against whole commands: relver in a repository, and what one would type instead.
table.py takes the rows and prints them with the others."""
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time

# Histories: commits, tags.
SIZES = {"large": (100_000, 10_000), "since": (10_000, 1), "tagged": (10_000, 1_000)}
KINDS = ("feat", "fix", "docs", "chore")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
ENV = dict(os.environ, GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL="/dev/null",
           GIT_AUTHOR_NAME="t", GIT_AUTHOR_EMAIL="t@mail.example",
           GIT_COMMITTER_NAME="t", GIT_COMMITTER_EMAIL="t@mail.example")

# work, peer, goal (how many times as fast), the program the peer needs, relver's side, the peer's.
# {n} is the number of the round, {m} the one before it. What changes a repository has its own.
LARGE = [
    ("nearest-tag", "git describe --match", 4, "git", "relver show prev-tag",
     "git describe --tags --match 'v*'"),
    ("nearest-tag", "setuptools_scm", 25, "python", "relver show prev-tag",
     "{python} -m setuptools_scm"),
    ("latest-tag", "git for-each-ref", 1 / 1.3, "git", "relver show tags --recent 1",
     "git for-each-ref --count=1 --sort=-version:refname --format='%(refname)' 'refs/tags/v*'"),
]
# The last tag is 10,000 commits ago; or there are a thousand of them, and git-cliff, which walks all
# of that for the next version, takes half a minute.
SINCE = [("next-version", "git log LAST..HEAD", 1 / 3, "git", "relver show next",
          "git log v0.0.0..HEAD")]
TAGGED = [("next-version", "git-cliff", 1000, "git-cliff", "relver show next",
           "git-cliff --bumped-version")]
# In a copy of the large repository each.
WRITTEN = [
    ("commit-and-tag", "sed, git commit, git tag", 1 / 1.3, "git",
     "relver bump 10.0.{n} --commit -q && relver tag -q",
     "sed -i 's/10[.]0[.]{m}/10.0.{n}/' package.json && git commit -qam 'Release 10.0.{n}' && "
     "git tag -a -m 'Release 10.0.{n}' v10.0.{n}"),
    ("commit-and-tag", "npm version", 20, "npm",
     "relver bump 10.0.{n} --commit -q && relver tag -q", "npm version 10.0.{n}"),
]
# work, peer, goal, packages, changesets, and those of the peer, which is relver where they differ
SETS = [
    ("changesets-5", "@changesets/cli", 150, (5, 3), (5, 3)),
    ("changesets-300", "@changesets/cli", 100, (300, 100), (300, 100)),
    ("changesets-10000", "1,000 packages", 1 / 10, (10000, 1000), (1000, 100)),
]
MEMORY = 500_000_000  # bytes that the copies need, and some room
PEAK_KB = 10_000  # of relver with 300 packages
WORDS = {"nearest-tag": "nearest of 10,000 tags", "latest-tag": "latest of 10,000 tags",
         "commit-and-tag": "bump, commit and tag", "next-version": "next of 10,000 commits",
         "changesets-5": "release 5 packages", "changesets-300": "release 300 packages",
         "changesets-10000": "release 10,000 packages"}


def history(path, commits, tags):
    """A history as long as old projects have it, packed as git gc leaves it."""
    subprocess.run(["git", "init", "-q", "-b", "main", path], check=True, env=ENV)
    manifest = '[project]\nname = "demo"\nversion = "9.99.9"\n[tool.setuptools_scm]\n'
    out = [f"blob\nmark :1\ndata {len(manifest)}\n{manifest}\n"]
    for i in range(commits):
        when = f"t <t@mail.example> {1600000000 + i * 60} +0000"
        message = f"{KINDS[i % 4]}(part{i % 9}): change number {i}\n\nWhy it was done.\n\nRefs: #{i}\n"
        out.append(f"commit refs/heads/main\nmark :{i + 2}\ncommitter {when}\n"
                   f"data {len(message)}\n{message}\n"
                   + ("M 100644 :1 pyproject.toml\n" if i == 0 else "") + "\n")
        k = i * tags // commits
        if i % (commits // tags) == 0 and i < commits - 50:
            name = f"v{k // 1000}.{k // 10 % 100}.{k % 10}"
            out.append(f"tag {name}\nfrom :{i + 2}\ntagger {when}\ndata 1\nt\n" if k % 2 == 0
                       else f"reset refs/tags/{name}\nfrom :{i + 2}\n\n")
    subprocess.run(["git", "-C", path, "fast-import", "--quiet"], input="".join(out).encode(),
                   check=True, env=ENV)
    for words in (["gc", "-q"], ["commit-graph", "write", "--reachable"], ["reset", "-q", "--hard"]):
        subprocess.run(["git", "-C", path] + words, check=True, env=ENV, **QUIET)


def copy(large, path):
    """As an npm package."""
    shutil.copytree(large, path)
    os.unlink(f"{path}/pyproject.toml")
    with open(f"{path}/package.json", "w", encoding="ascii") as f:
        f.write('{\n  "name": "demo",\n  "version": "10.0.0"\n}\n')
    for words in (["config", "gc.auto", "0"], ["add", "-A"], ["commit", "-qm", "start"]):
        subprocess.run(["git", "-C", path] + words, check=True, env=ENV, **QUIET)


def sets(path, packages, changesets):
    """Each package needs two of those before it."""
    def put(name, text):
        os.makedirs(os.path.dirname(f"{path}/{name}"), exist_ok=True)
        with open(f"{path}/{name}", "w", encoding="ascii") as f:
            f.write(text)
    put("package.json", json.dumps({"private": True, "workspaces": ["packages/*"], "name": "root",
                                    "devDependencies": {"@changesets/cli": "^2.31.1"}}))
    put("package-lock.json", "{}\n")
    put(".changeset/config.json", '{"baseBranch": "main"}\n')
    for i in range(packages):
        needs = {f"p{k:05}": "^1.0.0" for k in (i - 1, i - 7) if k >= 0}
        put(f"packages/p{i:05}/package.json", json.dumps(
            {"name": f"p{i:05}", "version": "1.0.0", "dependencies": needs}, indent=2) + "\n")
        put(f"packages/p{i:05}/CHANGELOG.md", f"# p{i:05}\n\n## 1.0.0\n\nBegin\n")
    for i in range(changesets):
        put(f".changeset/set-{i:05}.md", f"---\np{i * packages // changesets:05}: "
            f"{('patch', 'minor')[i % 2]}\n---\n\nChange {i}\n")
    for words in (["init", "-q", "-b", "main"], ["config", "gc.auto", "0"], ["add", "-A"],
                  ["commit", "-qm", "start"], ["gc", "-q"]):
        subprocess.run(["git", "-C", path] + words, check=True, env=ENV, **QUIET)


def medians(rounds, sides):
    """Of the nanoseconds of each side, from one round's number on; each side after itself, since what
    another program leaves in the caches is no part of its time."""
    return [statistics.median(side(n) for n in range(1, rounds + 1)) for side in sides]


def released(words, path):
    """The nanoseconds of a release from a clean tree."""
    subprocess.run(["git", "-C", path, "reset", "-q", "--hard"], check=True, env=ENV, **QUIET)
    start = time.perf_counter_ns()
    subprocess.run(words, cwd=path, check=True, env=ENV, **QUIET)
    return time.perf_counter_ns() - start


def peak(words, path):
    """Its peak memory in KB by time(1), as Python's own is counted into that of its children."""
    subprocess.run(["git", "-C", path, "reset", "-q", "--hard"], check=True, env=ENV, **QUIET)
    done = subprocess.run(["/usr/bin/time", "-f", "%M"] + words, cwd=path, check=True, env=ENV,
                          capture_output=True, text=True)
    return int(done.stderr.split()[-1])


def releases(rounds, scratch, changesets):
    out = []
    own = ["relver", "bump", "auto", "-q"]
    for work, peer, goal, size, other in SETS:
        if size == other and not changesets:
            print(f"SKIPPED: {work}: no {peer} here")
            continue
        with tempfile.TemporaryDirectory(dir=scratch) as top:
            sets(f"{top}/a", *size)
            sets(f"{top}/b", *other)
            theirs = [changesets, "version"] if size == other else own
            relver, against = medians(rounds, [lambda _: released(own, f"{top}/a"),
                                               lambda _: released(theirs, f"{top}/b")])
            most = peak(own, f"{top}/a") if shutil.which("/usr/bin/time") else 0
        row = {"work": work, "peer": peer, "relver_ns": relver, "peer_ns": against,
               "ratio": round(against / relver, 2), "goal": round(goal, 2), "floor_ns": None,
               "reached": against / relver >= goal * 0.85}
        if size[0] == 300:
            row["peak_kb"] = most
            row["reached"] = row["reached"] and most <= PEAK_KB
        out.append(row)
    return out


def took(command, path, n, python):
    line = (command.replace("{n}", str(n)).replace("{m}", str(n - 1)).replace("{python}", python))
    words = ["sh", "-c", line] if any(c in line for c in "&'\"") else line.split()
    start = time.perf_counter_ns()
    done = subprocess.run(words, cwd=path, env=ENV, **QUIET)
    spent = time.perf_counter_ns() - start
    if done.returncode != 0:
        raise SystemExit(f"bench: {line}: exit code {done.returncode}")
    return spent


def lines(rounds, scratch, python, changesets):
    """As table.py's; floor: relver saying its own version. What writes does it in memory."""
    memory = scratch
    if os.path.isdir("/dev/shm") and shutil.disk_usage("/dev/shm").free > MEMORY:
        memory = "/dev/shm"
    have = {"python": python}
    have.update((name, shutil.which(name)) for name in ("git", "npm", "git-cliff"))
    out = []
    if not have["git"]:
        print("SKIPPED: git's rows: no git here")
        return out
    for name, size in SIZES.items():
        history(f"{scratch}/{name}", *size)
    with tempfile.TemporaryDirectory(dir=memory) as fast:
        groups = {"large": LARGE, "since": SINCE, "tagged": TAGGED, "written": WRITTEN}
        for group, rows in groups.items():
            out += compared(rounds, group, rows, have, f"{scratch}/{group}", fast)
    return out + releases(rounds, memory, changesets)


def compared(rounds, group, rows, have, path, fast):
    out = []
    for i, (work, peer, goal, needs, own, other) in enumerate(rows):
        if not have[needs]:
            print(f"SKIPPED: {work}: no {peer} here")
            continue
        at = [path] * 2
        if group == "written":
            at = [f"{fast}/{i}{side}" for side in "ab"]
            for place in at:
                copy(f"{os.path.dirname(path)}/large", place)
        relver, theirs, floor = medians(1 if group == "tagged" else rounds, [
            lambda n, a=args: took(*a, n, have["python"])
            for args in ((own, at[0]), (other, at[1]), ("relver --version", at[0]))])
        out.append({"work": work, "peer": peer, "relver_ns": round(relver, 1),
                    "peer_ns": round(theirs, 1), "ratio": round(theirs / relver, 2),
                    "goal": round(goal, 2), "floor_ns": round(floor, 1),
                    "reached": theirs / relver >= goal * 0.85})
    return out
