import sys
from pathlib import Path

import pytest

import omi
from omi import cli


def test_store_keeps_beliefs(tmp_path: Path) -> None:
    store = omi.Store(tmp_path / "omi.json")
    store.add("tea is hot", 0.9)
    store.save()
    assert omi.Store(store.path).beliefs == [omi.Belief("tea is hot", 0.9)]


def test_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ["init", "status"]:
        monkeypatch.setattr(sys, "argv", ["omi", command, "--data-dir", str(tmp_path)])
        cli.main()
    assert capsys.readouterr().out == "0 beliefs\n0 beliefs\n"
