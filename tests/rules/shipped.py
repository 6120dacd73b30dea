"""The examples that the package ships, made of the cases of the tests."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import adaudit.rules
from tests.audit.fictional import Row, baseline, library

from .case import Case, Cases
from .cases import CASES

PATH: Final = Path(adaudit.rules.__file__).with_name("examples.json")
COMMAND: Final = "python -m tests.rules"
FORMS: Final[Mapping[str, str]] = {"ad": "ads", "notice": "notices", "advertiser": "totals"}
"""The form of the fictional library in which an example of each kind is judged: it has a field for everything."""


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _example(case: Case, best: Case | None) -> dict[str, object]:
    kind = library().form[case.form].kind
    assert FORMS[kind] == case.form, f"an example is of one of the forms {', '.join(FORMS.values())}: {case}"
    marks: dict[str, object] = {"best": True} if case is best else {}
    marks |= {} if case.in_export else {"in_export": False}
    verdict, reason = case.verdict
    return {"kind": kind, "given": _plain(case.row), "verdict": verdict, "reason": reason, **marks}


def shipped(cases: Mapping[str, Cases] = CASES) -> str:
    """The text of `examples.json`: one example a line, so that a change shows as what it is."""

    def line(of: object) -> str:
        return json.dumps(of, ensure_ascii=False)

    def listed(of: Mapping[str, list[object]]) -> str:
        parts = [
            f"  {line(name)}: [\n" + ",\n".join(f"   {line(one)}" for one in rows) + "\n  ]"
            for name, rows in of.items()
        ]
        return "{\n" + ",\n".join(parts) + "\n }"

    baselines: dict[str, Row] = {kind: baseline(kind) for kind in FORMS}
    given: dict[str, list[object]] = {
        rule: [_example(case, one.best) for case in one.all()] for rule, one in sorted(cases.items())
    }
    return f'{{\n "baseline": {line(baselines)},\n "examples": {listed(given)}\n}}\n'
