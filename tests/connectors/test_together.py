"""Pages that carry the same fields are parsed together; each comes out as it does alone."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from adaudit.connectors import Parsed, Recognised, parse_alike, parse_page, recognise
from adaudit.connectors import together as read_together
from adaudit.connectors.nesting import nesting
from adaudit.connectors.rows import separators_outside
from adaudit.sample import write_sample

from .pages import document, meta_ad, meta_page, tiktok_ad, tiktok_query

NEXT = "https://graph.facebook.com/v25.0/ads_archive?fields={}&after=x"


def recognised(data: bytes) -> Recognised:
    found = recognise(data)
    assert isinstance(found, Recognised)
    return found


def same(one: Parsed, other: Parsed) -> None:
    assert_frame_equal(one.frame, other.frame)
    assert one.layouts == other.layouts
    assert one.rejected == other.rejected
    assert one.new_fields == other.new_fields
    assert one.notices == other.notices
    assert one.requested == other.requested


def check(pages: list[bytes]) -> list[bool]:
    """Whether each page was read together with others; every one of them is what it is alone."""
    read = parse_alike([recognised(page) for page in pages])
    for page, parsed in zip(pages, read, strict=True):
        if parsed is not None:
            same(parsed, parse_page(page, recognised(page), "page"))
    return [parsed is not None for parsed in read]


def test_pages_keep_their_places_rejected_records_and_requests() -> None:
    nameless = {**meta_ad("2"), "id": None}
    pages = [
        meta_page(meta_ad("1"), meta_ad("11"), paging={"next": NEXT.format("id,spend")}),
        meta_page(nameless, meta_ad("2"), paging={"next": NEXT.format("id,bylines")}),
        meta_page(meta_ad("3")),
    ]
    assert check(pages) == [True, True, True]
    second = parse_alike([recognised(page) for page in pages])[1]
    assert second is not None
    assert [one.place for one in second.rejected] == ["/data/0"]
    assert second.frame["locator"].to_list() == ["/data/1"]
    assert second.requested == frozenset(("id", "bylines"))


def test_pages_that_carry_other_fields_are_no_kin_and_need_not_be_neighbours() -> None:
    pages = [
        meta_page(meta_ad("1")),
        tiktok_query(tiktok_ad()),
        meta_page(meta_ad("2", target_gender="All")),
        meta_page(meta_ad("3")),
        meta_page(meta_ad("4", target_gender="Women")),
    ]
    assert check(pages) == [True, False, True, True, True]


@pytest.mark.parametrize("odd", range(5))
def test_a_page_of_another_shape_is_read_alone_and_the_others_together(odd: int) -> None:
    pages = [meta_page(meta_ad(str(n)), meta_ad(str(n + 10), bylines={"a": "b"})) for n in range(5)]
    pages[odd] = meta_page(meta_ad(str(odd)), meta_ad("9", bylines={"a": ["b"]}), meta_ad("8", bylines=["a"]))
    check(pages)
    plain = [meta_page(meta_ad(str(n))) for n in range(5)]
    plain[odd] = meta_page({**meta_ad(str(odd)), "ad_creative_bodies": "no list"})
    assert check(plain)[odd] is False
    assert sum(check(plain)) >= 2


def test_destroyed_identifiers_are_counted_page_by_page() -> None:
    pages = [meta_page(meta_ad(str(n))) for n in range(3)]
    pages[1] = meta_page({**meta_ad("1.70585E+15"), "ad_snapshot_url": None})
    check(pages)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.lists(
            st.fixed_dictionaries(
                {"number": st.integers(1, 50)},
                optional={
                    "bylines": st.sampled_from(["", "Wolkenpartij", None]),
                    "eu_total_reach": st.sampled_from([1, 2.5, "3", "many", None]),
                    "target_locations": st.sampled_from([[], None, [{"name": "Zeeland", "excluded": True}]]),
                    "beneficiary_payers": st.sampled_from([None, [], [{"payer": "A", "beneficiary": "B"}], [None]]),
                    "unheard_of": st.just({"a": 1}),
                },
            ),
            min_size=1,
            max_size=3,
        ),
        min_size=2,
        max_size=6,
    )
)
def test_whatever_the_pages_hold_each_is_what_it_is_alone(pages: list[list[dict[str, Any]]]) -> None:
    check([meta_page(*(meta_ad(**{**ad, "number": str(ad["number"])}) for ad in ads)) for ads in pages])


def test_every_answer_of_the_sample_is_the_same_in_the_company_of_all(tmp_path: Path) -> None:
    write_sample(tmp_path, scale=0.3)
    pages = [path.read_bytes() for path in sorted(tmp_path.rglob("*.json"))]
    pages = [page for page in pages if isinstance(found := recognise(page), Recognised) and not found.pages]
    assert sum(check(pages)) > 0


def test_a_company_is_asked_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    whole = read_together.Several.decoded

    def decoded(several: read_together.Several, *given: Any) -> Any:
        asked.append(len(several.each))
        return whole(several, *given)

    monkeypatch.setattr(read_together.Several, "decoded", decoded)
    check([meta_page(meta_ad(str(n))) for n in range(50)])
    assert asked == [50]


@given(st.text(st.sampled_from('[]{}"\\ax'), max_size=30), st.integers(0, 90))
def test_brackets_in_texts_do_not_hide_depth_beyond_the_limit(text: str, depth: int) -> None:
    value: object = "x"
    for _ in range(depth):
        value = [value]
    data = json.dumps([text.replace("]", "").replace("}", ""), value]).encode()
    levels = nesting(data)
    assert (levels > 64) == (depth + 1 > 64)


@given(st.lists(st.lists(st.text(st.sampled_from(',"\nab'), max_size=70), min_size=2, max_size=2), max_size=5))
def test_separators_outside_of_cells_are_counted(rows: list[list[str]]) -> None:
    text = "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows).encode()
    codes = pl.Series(list(text), dtype=pl.UInt8).to_numpy()
    assert separators_outside(codes, b",") == len(rows)


def test_one_document_alone_is_read_alone() -> None:
    assert parse_alike([recognised(document({"data": [meta_ad("1")]}))]) == [None]
