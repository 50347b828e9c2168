"""Beliefs in a JSON file."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FORMAT = "0.3.0"  # of the file; it stays when the package goes on


@dataclass
class Belief:
    text: str
    weight: float = 0.5


class Store:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.beliefs: list[Belief] = []
        if path.exists():
            held = json.loads(path.read_text())
            self.beliefs = [Belief(**belief) for belief in held["beliefs"]]

    def add(self, text: str, weight: float = 0.5) -> Belief:
        belief = Belief(text, weight)
        self.beliefs.append(belief)
        return belief

    def save(self) -> None:
        beliefs = [asdict(belief) for belief in self.beliefs]
        self.path.write_text(json.dumps({"format": FORMAT, "beliefs": beliefs}))
