"""Where what a rule asks for can be seen: as the engine asks it of the forms, and as `source.toml` says."""

import json
from pathlib import Path

import pytest

from adaudit.audit.options import Options
from adaudit.audit.run import audit
from adaudit.audit.shows import LEVELS, by_level, shows
from adaudit.connectors import exposure_of, sources
from adaudit.rules import RULES


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_form_stands_at_the_level_that_its_source_states(name: str) -> None:
    rule = RULES[name]
    found = shows(rule)
    assert bool(found) == rule.asks
    assert len({(one.source, one.form) for one in found}) == len(found)
    for one in found:
        exposure = exposure_of(one.source, one.form, name)
        assert (one.level, one.fields) == (exposure.level, exposure.fields)
        assert sources()[one.source].form[one.form].kind in rule.kinds
        assert bool(one.fields) == (one.level != "never")
    listed = by_level(rule)
    assert list(listed) == [level for level in LEVELS if level in listed]
    assert sorted((o.source, o.form) for those in listed.values() for o in those) == sorted(
        (one.source, one.form) for one in found
    )


def test_rules_of_the_dsa_are_asked_of_platforms_alone() -> None:
    asked = {one.source for one in shows(RULES["dsa_repository_payer"])}
    assert "meta" in asked
    assert not {"politiekereclame_nl", "notice"} & asked


def test_it_is_what_an_audit_says_of_its_sources(sample: Path, tmp_path: Path) -> None:
    audit((sample / "snapchat",), tmp_path / "out", Options(), lambda *_: None)
    told = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["exposure"]
    for one in told:
        rule = RULES[one["rule"]]
        levels = {(s.source, s.form): s.level for s in shows(rule)}
        assert levels[one["source"], one["form"]] == one["exposed"], one
