"""`python -m tests.rules`: judges the cases of all rules and writes those of which the verdicts hold as the examples
that the package ships (`adaudit/rules/examples.json`). Run it after adding a rule or changing a case."""

import sys
import tempfile
from pathlib import Path

from .case import judged
from .cases import CASES
from .shipped import PATH, shipped


def main() -> int:
    """Write the examples; 1 and nothing written where the engine says otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        told = judged(Path(folder), {rule: cases.all() for rule, cases in CASES.items()})
    wrong = [
        f"{rule}, case {i}: expected {case.verdict}, the engine says {told[rule, i]}: {case.row}"
        for rule, cases in CASES.items()
        for i, case in enumerate(cases.all())
        if told[rule, i] != case.verdict
    ]
    if wrong:
        sys.stderr.write("\n".join([*wrong, "nothing was written"]) + "\n")
        return 1
    PATH.write_text(shipped(), encoding="utf-8", newline="\n")
    count = sum(len(cases.all()) for cases in CASES.values())
    sys.stdout.write(f"{PATH}: {count} examples of {len(CASES)} rules\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
