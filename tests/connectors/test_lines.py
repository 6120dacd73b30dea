"""JSON lines: a record or an answer on each line; a broken line is set aside alone, with its number."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.connectors import Parsed
from adaudit.connectors.lines import lines_of
from adaudit.errors import UnreadableInput, UnrecognisedInput

from .pages import document, form_of, meta_ad, meta_page, parse, records, statement, tiktok_ad, tiktok_query

BROKEN = b'{"id": "3", "page_id": "7'
END = st.sampled_from([b"\n", b"\r\n", b"\n\n", b"\r"])


def lined(*lines: bytes, end: bytes = b"\n") -> bytes:
    return b"".join(line + end for line in lines)


def at(data: bytes, place: str) -> Any:
    """What stands at a place such as `line 7` or `line 7/data/3`."""
    line, _, pointer = place.removeprefix("line ").partition("/")
    value = json.loads(data.splitlines()[int(line) - 1])
    for part in filter(None, pointer.split("/")):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def assert_located(data: bytes, found: Parsed) -> None:
    for one in found.frame.iter_rows(named=True):
        assert at(data, one["locator"])["id"] == one["record_id"]


@given(st.lists(st.integers(1, 10**17), min_size=2, max_size=6, unique=True), END)
def test_a_record_on_each_line_is_found_at_its_line(numbers: list[int], end: bytes) -> None:
    data = lined(*(document(meta_ad(str(number))) for number in numbers), end=end)
    found = parse(data)
    assert found.rejected == ()
    assert found.frame["record_id"].to_list() == [str(number) for number in numbers]
    assert_located(data, found)


def test_lines_are_the_same_records_as_one_list() -> None:
    ads = [meta_ad("1", bylines="Brug"), meta_ad("2", spend={"lower_bound": "0", "upper_bound": "99"}), meta_ad("3")]
    one, other = parse(lined(*map(document, ads))), parse(document(ads))
    assert one.frame.drop("locator").equals(other.frame.drop("locator"))
    assert one.layouts == other.layouts


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_broken_line_is_rejected_alone(position: int) -> None:
    lines = [document(meta_ad("1")), document(meta_ad("2"))]
    lines.insert(position, BROKEN)
    data = lined(b"", *lines)
    found = parse(data)
    (rejected,) = found.rejected
    assert rejected.place == f"line {position + 2}"
    assert rejected.reason.startswith("a line that is no JSON")
    assert rejected.raw.encode() == BROKEN
    assert found.frame["record_id"].to_list() == ["1", "2"]
    assert_located(data, found)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "3"} {"id": "4"}', "a line that is no JSON"),
        (b'{"id": "3"},{"id": "4"}', "a line that is no JSON"),
        (b"5", "a JSON int where an object belongs"),
        (b'"text"', "a JSON str where an object belongs"),
        (b"[" * 100 + b"]" * 100, "nested deeper"),
        (b"[1]", "a JSON list where an object belongs"),
        (document(meta_ad("3", spend="a lot")), "spend: str of another shape"),
    ],
)
def test_a_line_that_is_no_record_is_rejected_alone(line: bytes, reason: str) -> None:
    found = parse(lined(document(meta_ad("1")), line, document(meta_ad("2"))))
    (rejected,) = found.rejected
    assert rejected.place == "line 2"
    assert reason in rejected.reason
    assert found.frame["record_id"].to_list() == ["1", "2"]
    assert found.frame["locator"].to_list() == ["line 1", "line 3"]


def test_an_answer_on_each_line_is_read_as_pages() -> None:
    data = lined(meta_page(meta_ad("1"), meta_ad("2")), meta_page(), BROKEN, meta_page(meta_ad("3"), "odd"))
    found = parse(data)
    assert found.frame["locator"].to_list() == ["line 1/data/0", "line 1/data/1", "line 4/data/0"]
    assert [one.place for one in found.rejected] == ["line 3", "line 4/data/1"]
    assert_located(data, found)


def test_what_one_answer_was_asked_for_proves_nothing_of_another() -> None:
    data = lined(meta_page(meta_ad("1", bylines="Brug")), meta_page(meta_ad("2")))
    found = parse(data)
    carried = [found.layouts[number] for number in found.frame["layout"]]
    assert ["bylines" in fields for fields in carried] == [True, False]


def test_a_list_on_each_line_is_a_page() -> None:
    data = lined(document([meta_ad("1")]), document([meta_ad("2"), meta_ad("3")]))
    assert parse(data).frame["locator"].to_list() == ["line 1/0", "line 2/0", "line 2/1"]


def test_an_error_answer_among_the_lines_is_set_aside() -> None:
    refusal = b'{"error":{"message":"limit reached","code":613}}'
    found = parse(lined(meta_page(meta_ad("1")), refusal))
    (rejected,) = found.rejected
    assert rejected.place == "line 2"
    assert "limit reached" in rejected.reason


def test_an_answer_of_another_source_among_the_lines_is_set_aside() -> None:
    found = parse(lined(meta_page(meta_ad("1")), tiktok_query(tiktok_ad(7))))
    (rejected,) = found.rejected
    assert "commercial_content" in rejected.reason
    assert found.frame["record_id"].to_list() == ["1"]


@pytest.mark.parametrize(
    ("lines", "form"),
    [
        ([document(statement()), document(statement(public_id="zz22bb"))], ("politiekereclame_nl", "statements")),
        ([tiktok_query(tiktok_ad(1)), tiktok_query(tiktok_ad(2))], ("tiktok", "commercial_content")),
        ([document(tiktok_ad(1)), document(tiktok_ad(2))], ("tiktok", "commercial_content")),
    ],
)
def test_lines_of_every_source(lines: list[bytes], form: tuple[str, str]) -> None:
    assert form_of(lined(*lines)) == form
    assert len(records(lined(*lines))) == 2


@pytest.mark.parametrize(
    "shaped",
    [
        lambda ads: json.dumps(ads, indent=2),
        lambda ads: json.dumps({"data": ads}, indent=4),
        lambda ads: "[\n" + ",\n".join(json.dumps(ad) for ad in ads) + "\n]\n",
        lambda ads: json.dumps(ads) + "\n\n",
        lambda ads: "[\n{}\n,\n" + json.dumps(ads[0]) + "]",
    ],
)
def test_one_document_on_several_lines_is_no_lines(shaped: Callable[[Any], str]) -> None:
    assert lines_of(shaped([meta_ad("1"), meta_ad("2")]).encode()) is None


def test_lines_of_no_known_source_are_named() -> None:
    with pytest.raises(UnrecognisedInput, match="mood"):
        parse(b'{"mood": "sunny"}\n{"mood": "grey"}\n')


def test_lines_in_another_encoding_are_named() -> None:
    with pytest.raises(UnreadableInput, match="Windows-1252"):
        parse(lined(document(meta_ad("1")), document(meta_ad("2", page_name="Comité d'été")).decode().encode("cp1252")))


def test_new_keys_on_any_line_are_named() -> None:
    assert parse(lined(document(meta_ad("1")), document(meta_ad("2", mood="x")))).new_fields == ("mood",)
