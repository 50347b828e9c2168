"""What a registry is asked, against the least that it takes: a server on this machine, for many with
HTTP/2 over TLS, for one without, which answers after 40 milliseconds or at once. table.py prints the rows with the others."""
import contextlib
import json
import os
import subprocess
import tempfile
import time

from process import medians

COUNT, WAIT, ROUNDS_OF = 1000, 40, 256  # packages, milliseconds, requests that wait side by side
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
HERE = os.path.dirname(os.path.abspath(__file__))
# work, peer, goal, wait, packages, relver's side, the peer's or the nanoseconds it must take
ROWS = [
    ("lookups-slow", "one after another", 100, WAIT, COUNT, "relver verify -q",
     COUNT * WAIT * 1_000_000),
    ("lookups-slow", "256 at a time", 1 / 2, WAIT, COUNT, "relver verify -q",
     -(-COUNT // ROUNDS_OF) * WAIT * 1_000_000),
    ("lookups-fast", "bare libcurl", 1 / 1.3, 0, COUNT, "relver verify -q",
     "{top}/lookups {url}"),
    ("lookup", "curl", 1 / 1.2, 0, 1, "relver verify -q",
     "curl -sf {url}/p0000?write=true"),
    ("lookup", "npm view", 30, 0, 1, "relver verify -q", "npm view p0000 dist-tags"),
]
WORDS = {"lookups-slow": "1,000 look-ups of 40 ms", "lookups-fast": "1,000 look-ups at once",
         "lookup": "one look-up"}


def workspace(path, count):
    for i in range(-1, count):
        name = f"packages/p{i:04}/" if i >= 0 else ""
        os.makedirs(f"{path}/{name}", exist_ok=True)
        with open(f"{path}/{name}package.json", "w", encoding="ascii") as f:
            json.dump({"name": f"p{i:04}", "version": "1.0.0"} if i >= 0 else
                      {"name": "root", "private": True, "workspaces": ["packages/*"]}, f)


def prepared(top):
    """Whether there is all that the rows need; else why not."""
    made = subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                           "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
                           "-keyout", f"{top}/key", "-out", f"{top}/cert"], check=False, **QUIET)
    if made.returncode != 0:
        return "openssl makes no certificate"
    built = subprocess.run(["cc", "-O2", "-o", f"{top}/lookups", f"{HERE}/lookups.c", "-lcurl"],
                           check=False, **QUIET)
    for count in {row[4] for row in ROWS}:
        workspace(f"{top}/{count}", count)
    return "" if built.returncode == 0 else "no headers of libcurl"


@contextlib.contextmanager
def served(top, wait, tls):
    identity = [f"{top}/key", f"{top}/cert"] if tls else []
    with subprocess.Popen(["node", f"{HERE}/registry.mjs", str(wait)] + identity,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        port = server.stdout.readline().strip()
        yield f"http{'s' if tls else ''}://127.0.0.1:{port}"
        server.stdin.close()


def took(line, path, env):
    start = time.perf_counter_ns()
    subprocess.run(line.split(), cwd=path, check=True, env=env, **QUIET)
    return time.perf_counter_ns() - start


def lines(rounds, scratch, have):
    missing = [name for name in ("node", "curl", "openssl", "cc") if not have(name)]
    if missing:
        print(f"SKIPPED: look-ups: no {missing[0]} here")
        return []
    out = []
    with tempfile.TemporaryDirectory(dir=os.path.abspath(scratch)) as top:
        why = prepared(top)
        if why:
            print(f"SKIPPED: look-ups: {why}")
            return []
        for work, peer, goal, wait, count, own, other in ROWS:
            if peer.startswith("npm") and not have("npm"):
                print(f"SKIPPED: {work}: no {peer} here")
                continue
            with served(top, wait, count > 1) as url:
                env = dict(os.environ, SSL_CERT_FILE=f"{top}/cert", RELVER_NPM_REGISTRY=url,
                           npm_config_registry=url, npm_config_cache=f"{top}/cache",
                           npm_config_update_notifier="false")
                relver, against = medians(rounds, [
                    lambda _: took(own, f"{top}/{count}", env),
                    lambda _: took(other.format(top=top, url=url), top, env)
                    if isinstance(other, str) else other])
            out.append({"work": work, "peer": peer, "relver_ns": relver, "peer_ns": against,
                        "ratio": round(against / relver, 2), "goal": round(goal, 2),
                        "floor_ns": None, "reached": against / relver >= goal * 0.85})
    return out
