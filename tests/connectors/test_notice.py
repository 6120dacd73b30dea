"""A transparency notice by itself: one form as JSON and XML, nothing lost between them, judged as it stands."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from adaudit.cli import cli
from adaudit.connectors import Recognised, parse_page, recognise
from adaudit.connectors.notice import template
from adaudit.connectors.notice.connector import EVERY_ELEMENT, SHAPE
from adaudit.connectors.notice.markup import as_xml, notices, read_xml
from adaudit.connectors.notice.template import Notice, as_json, checked, example
from adaudit.errors import UnreadableInput
from adaudit.law import requirements

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1).filter(
    lambda text: text.strip() == text and text
)
LINKS = st.sampled_from(["https://www.dijk.example/a?b=1&c=<2>", "http://veer.example"])
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
AMOUNTS = st.from_regex(r"\A[0-9]{1,12}(\.[0-9]{1,4})?\Z")
MONEY = st.fixed_dictionaries({"value": AMOUNTS, "currency": st.sampled_from(["EUR", "SEK"])})
ADDRESS = st.fixed_dictionaries({}, optional={"street": WORDS, "city": WORDS, "country": st.just("NL")})
PARTY = st.fixed_dictionaries(
    {"name": WORDS},
    optional={"kind": st.sampled_from(["legal", "natural"]), "email": st.just("a@b.nl"), "postal_address": ADDRESS},
)
PERIOD = st.fixed_dictionaries({"start": DAYS}, optional={"end": DAYS})
PROCESS = st.fixed_dictionaries({"title": WORDS}, optional={"territories": st.lists(WORDS, min_size=1)})
PARAMETER = st.fixed_dictionaries({"dimension": WORDS, "excluded": st.booleans()}, optional={"value": WORDS})
TARGETING = st.fixed_dictionaries(
    {},
    optional={
        "personal_data": st.booleans(),
        "parameters": st.lists(PARAMETER, min_size=1, max_size=3),
        "data_categories": st.lists(WORDS, min_size=1, max_size=3),
        "views": st.integers(0, 2**63),
        "engagements": st.fixed_dictionaries({}, optional={"likes": st.integers(0, 2**40)}),
        "policy": LINKS,
    },
)
NOTICES = st.fixed_dictionaries(
    {"format": st.just(template.FORMAT), "id": WORDS},
    optional={
        "version": st.integers(1, 99),
        "published_at": INSTANTS,
        "languages": st.lists(WORDS, min_size=1, max_size=3),
        "sponsor": PARTY,
        "payer": PARTY,
        "period": PERIOD,
        "amount_ad": MONEY,
        "linked_to": st.lists(PROCESS, min_size=1, max_size=3),
        "official_information": st.lists(LINKS, min_size=1, max_size=2),
        "prior_suspension": st.booleans(),
        "targeting": TARGETING,
    },
).map(Notice.model_validate)


def records(data: bytes) -> pl.DataFrame:
    found = recognise(data)
    assert isinstance(found, Recognised)
    assert (found.source, found.form) == ("notice", "notice")
    return parse_page(data, found, "given").frame


@given(NOTICES)
def test_json_and_xml_hold_the_same_notice(notice: Notice) -> None:
    assert notices(as_json(notice).encode()) == [notice]
    assert notices(as_xml(notice).encode()) == [notice]


@given(st.lists(NOTICES, min_size=2, max_size=4))
def test_several_notices_stay_several_and_in_order(given_: list[Notice]) -> None:
    assert notices(as_xml(*given_).encode()) == given_ == notices(as_json(*given_).encode())


@given(NOTICES)
def test_what_the_template_takes_fits_the_published_schema(notice: Notice) -> None:
    jsonschema.validate(json.loads(as_json(notice)), json.loads(template.published_schema()))


def test_the_published_schema_is_that_of_the_template() -> None:
    published = json.loads(template.published_schema())
    assert published == template.schema()
    jsonschema.Draft202012Validator.check_schema(published)


def test_every_item_of_the_annex_has_its_element() -> None:
    numbers = {number for text in _items(template.schema()) for number in text.split(" and ")}
    blocks = {f"15({letter})" for letter in "abcdefghij"} | {f"16({letter})" for letter in "abcd"}
    assert numbers == {str(n) for n in range(1, 17)} | blocks


def _items(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [str(node["annexItem"])] if "annexItem" in node else []
        return own + [text for value in node.values() for text in _items(value)]
    return [text for value in node for text in _items(value)] if isinstance(node, list) else []


def test_every_element_of_the_template_is_read() -> None:
    read = {field.name for field in SHAPE.fields}
    assert read == set(Notice.model_fields)
    assert "sponsor.postal_address.city" in EVERY_ELEMENT


def test_the_example_is_whole_in_both_forms() -> None:
    frames = [records(text(example()).encode()) for text in (as_json, as_xml)]
    for frame in frames:
        row = frame.row(0, named=True)
        assert row["sponsor_name"] == "Lijst Zilvermeeuw"
        assert row["sponsor_postal_address"] == "Getijdenpad 3, 9999 ZZ, Wolkendam, NL"
        assert str(row["amount_campaign_high"]) == "8400.0000"
        assert row["funds_public_private"] == "private"
        assert row["funds_union_origin"] == "inside the Union"
        assert row["linked_process_date"] == date(2026, 3, 18)
        assert row["targeting_parameters_count"] == 2
        assert row["people_reached_low"] == row["people_reached_high"] == 9120
        assert row["unparsed_mask"] == 0
    same = [frame.drop("locator") for frame in frames]
    assert same[0].equals(same[1])
    assert frames[1]["locator"].to_list() == ["(//transparency_notice)[1]"]


def test_values_that_do_not_fit_are_kept_and_judged() -> None:
    row = records(b"""<transparency_notice><format>adaudit transparency notice 1</format><id>n</id>
        <period><start>in het voorjaar</start></period><amount_ad><value>tot 5.500</value></amount_ad>
        <sponsor><name>n.v.t.</name></sponsor></transparency_notice>""").row(0, named=True)
    assert row["intended_from"] is None
    assert {(one["column"], one["text"]) for one in row["unparsed"]} == {
        ("intended_from", "in het voorjaar"),
        ("amount_ad_low", "tot 5.500"),
        ("amount_ad_high", "tot 5.500"),
    }
    assert row["placeholder_mask"] > 0


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b'<!DOCTYPE a [<!ENTITY x "y">]><transparency_notice>&x;</transparency_notice>', "DTDForbidden"),
        (b"<transparency_notice><id>1</transparency_notice>", "mismatched tag"),
        (b"<transparency_notices><id>1</id></transparency_notices>", "the element transparency_notices"),
        (b'<?xml version="1.0" encoding="klingon"?><transparency_notice/>', "unknown encoding"),
        (b"<transparency_notice>", "no element found"),
    ],
)
def test_xml_that_cannot_be_read_says_why(data: bytes, found: str) -> None:
    with pytest.raises(UnreadableInput, match="expected") as error:
        read_xml(data)
    assert found in str(error.value)


def test_a_notice_that_does_not_fit_is_refused_with_every_place() -> None:
    values: dict[str, Any] = {"format": template.FORMAT, "id": "", "period": {"start": "soon"}, "sponsr": {}}
    with pytest.raises(UnreadableInput) as error:
        checked(values, 3)
    assert all(part in str(error.value) for part in ("notice 3", "id:", "period/start:", "sponsr:"))


def test_commands_give_the_schema_the_examples_and_both_forms(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert json.loads(run(cli, ["schema", "notice"]).output) == template.schema()
    xml = tmp_path / "notice.xml"
    xml.write_text(run(cli, ["schema", "notice", "--example", "xml"]).output, encoding="utf-8")
    back = run(cli, ["convert", str(xml), "--to", "json"])
    assert back.exit_code == 0
    assert notices(back.output.encode()) == [example()]
    xml.write_text("<transparency_notice><id>1</id></transparency_notice>", encoding="utf-8")
    refused = run(cli, ["convert", str(xml), "--to", "json"])
    assert refused.exit_code == 3
    assert "format: Field required" in refused.output


def test_the_law_asks_for_what_the_form_exposes() -> None:
    from adaudit.connectors import sources

    exposed = sources()["notice"].form["notice"].exposure
    asked = {name for name in requirements() if name.startswith("notice_")}
    assert set(exposed) <= asked
    assert all(one.level == "exact" for one in exposed.values())
    fields = {name for one in exposed.values() for name in one.fields}
    assert fields <= EVERY_ELEMENT


@pytest.mark.parametrize("given_", [{"languages": ["nl"]}, {"advertisement": {"languages": ["nl"]}}, {}])
def test_languages_of_one_side_alone_are_compared_with_nothing(given_: dict[str, Any]) -> None:
    several = [{"format": template.FORMAT, "id": name, "sponsor": {"name": "Dijk"}, **given_} for name in "123"]
    frame = records(json.dumps(several).encode())
    assert frame.height == 3
    assert frame["languages_apart"].null_count() == frame["languages_compared"].null_count() == 3
