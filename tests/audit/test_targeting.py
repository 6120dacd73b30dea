"""How ads were targeted: each record counts once a dimension, and what selects nobody is no use of one."""

from collections.abc import Sequence

import pytest

import adaudit.audit.targeting as module
from adaudit.audit.judge import country_keys
from adaudit.audit.targeting import Targeting, targeting

from .conftest import Audited
from .fictional import Batch, Judged, Row

Entry = tuple[str, str | None, bool]


def aimed(*entries: Entry, **columns: object) -> Row:
    parameters = [{"dimension": name, "value": value, "excluded": excluded} for name, value, excluded in entries]
    return {"targeting_parameters": parameters, "targeting_parameters_count": len(parameters), **columns}


def counted(found: Judged) -> list[Targeting]:
    records = found.assembled.records
    return targeting(records, found.groups, country_keys(records))


def only(audit_of: Audited, rows: Sequence[Row], form: str = "ads") -> Targeting:
    (one,) = counted(audit_of(Batch(form, rows)))
    return one


def test_a_record_counts_once_a_dimension_however_many_entries(audit_of: Audited) -> None:
    rows = [
        aimed(("Regions", "a", False), ("regions", "b", False), ("regions", "c", True)),
        aimed(("regions", "d", True)),
        {},
    ]
    one = only(audit_of, rows)
    assert (one.records, one.shown) == (3, 2)
    assert (dict(one.used), dict(one.excluded)) == ({"regions": 1}, {"regions": 2})


@pytest.mark.parametrize(
    ("row", "used"),
    [
        (aimed(("gender", "All", False)), 0),
        (aimed(("gender", "female", False), ("gender", "male", False), ("gender", "unknown", False)), 0),
        (aimed(("gender", "FEMALE", False)), 1),
        (aimed(("gender", "female", False), ("gender", "male", True)), 1),
        (aimed(("age", "18-65", False), age_restricted=False, age_min=13), 0),
        (aimed(("age", "18-65", False), age_restricted=True, age_min=18), 1),
        (aimed(("age", "18-65", False)), 1),
        (aimed(("interests", "all", False)), 1),
    ],
)
def test_everybody_is_no_selection(audit_of: Audited, row: Row, used: int) -> None:
    assert sum(only(audit_of, [row]).used.values()) == used


@pytest.mark.parametrize(
    ("row", "bracket"),
    [
        ({"age_min": 13, "age_restricted": True}, "under_16"),
        ({"age_min": 17, "age_restricted": True}, "16_17"),
        ({"age_min": 18, "age_restricted": True}, "18_24"),
        ({"age_min": 35}, "35_more"),
        ({"age_min": 13, "age_restricted": False}, "unlimited"),
        ({"age_restricted": False}, "unlimited"),
        ({"age_max": 30, "age_restricted": True}, "open"),
        ({"age_min": 16, "age_restricted": True, "age_open_side_unknown": True}, "open"),
        ({}, "not_shown"),
    ],
)
def test_the_youngest_age_or_why_it_cannot_be_told(audit_of: Audited, row: Row, bracket: str) -> None:
    assert dict(only(audit_of, [row]).ages) == {bracket: 1}


def test_ages_reached_need_a_share_above_nothing_and_regions_are_no_ages(audit_of: Audited) -> None:
    def reached(**shares: float) -> Row:
        return {"audience_breakdown": [{"group": group, "share": share} for group, share in shares.items()]}

    rows = [
        reached(**{"13-17 female": 0.0, "13-17 male": 0.1, "65+ male": 0.9}),
        reached(**{"13-17 female": 0.0, "Lorraine": 1.0}),
        reached(Lorraine=1.0),
    ]
    one = only(audit_of, rows)
    assert (one.reach_shown, dict(one.reached)) == (2, {"13-17": 1, "65+": 1})


def test_only_political_records_of_the_union_or_without_a_country_count(audit_of: Audited) -> None:
    rows = [
        aimed(("age", "18", False)),
        aimed(("age", "18", False), political_basis="asserted"),
        aimed(("age", "18", False), political_basis=None),
        aimed(("age", "18", False), countries=["US"]),
        aimed(("age", "18", False), countries=None),
    ]
    one = only(audit_of, rows)
    assert (one.records, one.asserted, one.used["age"]) == (3, 1, 3)


def test_kinds_are_never_added_up(audit_of: Audited) -> None:
    found = counted(
        audit_of(Batch("ads", [aimed(("age", "18", False))]), Batch("totals", [aimed(("age", "18", False))]))
    )
    assert [(one.kind, one.used["age"]) for one in found] == [("ad", 1), ("advertiser", 1)]


def test_slices_give_the_same_counts_as_the_whole(audit_of: Audited, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [aimed(("age", "18", False), ("regions", "a", turn % 2 == 0), age_min=16 + turn) for turn in range(11)]
    found = audit_of(Batch("ads", rows))
    whole = counted(found)
    monkeypatch.setattr(module, "SLICE", 2)
    assert counted(found) == whole
    assert whole[0].records == 11
