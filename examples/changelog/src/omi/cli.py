"""omi status: how many beliefs a store holds."""

import argparse
from pathlib import Path

import omi


def main() -> None:
    parser = argparse.ArgumentParser(prog="omi")
    parser.add_argument("--version", action="version", version=omi.__version__)
    parser.add_argument("command", choices=["init", "status"])
    parser.add_argument("--data-dir", type=Path, default=Path("."))
    args = parser.parse_args()
    store = omi.Store(args.data_dir / "omi.json")
    if args.command == "init":
        args.data_dir.mkdir(parents=True, exist_ok=True)
        store.save()
    print(f"{len(store.beliefs)} beliefs")
