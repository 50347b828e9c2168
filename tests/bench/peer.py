"""usage: peer.py WORK DIR [ROWS]; see relver.c"""
import sys
import time


def lines(directory, name, rows):
    with open(f"{directory}/{name}", encoding="ascii") as f:
        return [line.rstrip("\n") for line, _ in zip(f, range(rows))]


def pep440_parse(directory, rows):
    from packaging.version import Version
    data = lines(directory, "pep440", rows)
    start = time.perf_counter_ns()
    total = sum(1 for line in data if Version(line))
    return len(data), time.perf_counter_ns() - start, total


def toml_edit(directory, rows):
    import tomlkit
    with open(f"{directory}/toml", encoding="ascii") as f:
        text = f.read()
    start = time.perf_counter_ns()
    for _ in range(20):
        doc = tomlkit.parse(text)
        doc["package"]["version"] = "0.5.0"
        size = len(tomlkit.dumps(doc))
    return 20, time.perf_counter_ns() - start, size


def json_find(directory, rows):
    import yyjson
    with open(f"{directory}/json", "rb") as f:
        text = f.read()
    start = time.perf_counter_ns()
    version = yyjson.Document(text).get_pointer("/packages/packages~1last/version")
    return 1, time.perf_counter_ns() - start, len(version)


work = {"pep440-parse": pep440_parse, "toml-edit": toml_edit, "json-find": json_find}[sys.argv[1]]
print(*work(sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1000000))
