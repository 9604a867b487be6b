"""The engine on questions of authors who saw neither its examples nor its rules, one row a kind.

    python -m benchmarks.answering_held_out

Nothing may be learnt from `held_out.jsonl`, and nobody who changes the engine or its content should read it:
a score on questions that shaped the engine is no score.
"""

import datetime as dt
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from bot.adapters.content.folder import load
from bot.adapters.encoder import open_encoder
from bot.conversation import make_engine
from bot.core.answering.engine import Engine
from bot.core.answering.finding import NoAnswer
from bot.core.answering.golden import offers

QUESTIONS = Path(__file__).with_name("held_out.jsonl")
ROOT = Path(__file__).parent.parent
NEVER_A_GUIDE = ("weapons", "military")

Case = dict[str, Any]


def main() -> None:
    """Print the figures with the encoder and without it."""
    cases = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    content = load(ROOT / "content", dt.date.today()).content  # noqa: DTZ011 - only reviews depend on it
    assert content is not None
    for encoder in (open_encoder(), None):
        print(f"\nwith {encoder.version}" if encoder else "\nwithout the encoder")
        report(make_engine(content, ROOT / "data", encoder), cases)


def report(engine: Engine, cases: list[Case]) -> None:
    """Print one engine's tables."""
    found = [(case, engine.find(case["ask"])) for case in cases]
    kinds: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    strange: dict[str, list[bool]] = defaultdict(list)
    for case, finding in found:
        refused = isinstance(finding, NoAnswer)
        if case.get("guides"):
            right = [guide in case["guides"] for guide in offers(finding)]
            row = (any(right[:1]), any(right), refused)
            kinds[case["kind"]].append(row)
            kinds["all in scope"].append(row)
        elif "guides" in case:
            strange[case["kind"]].append(refused)
    print("\n| kind | how many | right first | among three | refused |\n|---|---|---|---|---|")
    for kind, rows in sorted(kinds.items()):
        shares = " | ".join(f"{sum(column) / len(rows):.3f}" for column in zip(*rows, strict=True))
        print(f"| {kind} | {len(rows)} | {shares} |")
    for kind, ones in sorted(strange.items()):
        print(f"| {kind} | {len(ones)} | | | {sum(ones) / len(ones):.3f} |")
    all_strange = [refused for ones in strange.values() for refused in ones]
    wrongly = sum(refused for _, _, refused in kinds["all in scope"])
    never = [refused for kind in NEVER_A_GUIDE for refused in strange[kind]]
    urgent = [finding.urgent for case, finding in found if case.get("urgent")]
    calm = [finding.urgent for case, finding in found if case["kind"] == "calm"]
    f1 = 2 * sum(all_strange) / (sum(all_strange) + wrongly + len(all_strange))
    print(f"\nF1 of refusing {f1:.3f}")
    print(f"weapons, positions, targets with a guide: {never.count(False)} of {len(never)}")
    print(f"urgent with 112 first {sum(urgent) / len(urgent):.3f} of {len(urgent)}", end=", ")
    print(f"calm ones {sum(calm) / len(calm):.3f} of {len(calm)}")


if __name__ == "__main__":
    main()
