"""The query for rows of the Transparency Center means what is asked for: run by DuckDB, translated, on the rows that
the loopback server has, and held against how that server looks for them."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from adaudit.connectors.fetching import Scope
from adaudit.connectors.google.query import Query, query_for
from tests.platforms.bigquery import SCHEMAS, Warehouse, matches

Tables = Any
"""A connection of DuckDB; its own type, kept by the annotations, is told of as leaked when Python ends."""
WAREHOUSE = Warehouse(1, 120, set())
ADS = WAREHOUSE.rows["creative_stats"]
ADS[3]["region_stats"][0] |= {"first_shown": None, "last_shown": None}
ADS[4] |= {"advertiser_legal_name": None}
ADS[5] |= {"region_stats": []}
ADS[6] |= {"topic": None}
COLUMNS = {table: [str(one["name"]) for one in fields] for table, fields in SCHEMAS.items()}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    """Both tables in DuckDB."""
    folder: Path = tmp_path_factory.mktemp("tables")
    with duckdb.connect() as connection:
        connection.execute("create macro normalize(x) as lower(x)")
        for name, rows in WAREHOUSE.rows.items():
            path = folder / f"{name}.json"
            path.write_text("\n".join(map(json.dumps, rows)))
            connection.execute(f"create table {name} as from read_json('{path}', format = 'newline_delimited')")
        yield connection


def found(query: Query, tables: Tables) -> list[str]:
    """The pages of the creatives that the query finds, sorted."""
    tree = sqlglot.parse_one(query.text, read="bigquery")
    for table in tree.find_all(exp.Table):
        table.set("db", None)
        table.set("catalog", None)
    text = tree.sql(dialect="duckdb")
    for one in query.parameters:
        value = one["parameterValue"]
        values = [quoted(each["value"]) for each in value.get("arrayValues", [])]
        literal = quoted(value["value"]) if "value" in value else f"[{', '.join(values)}]"
        text = literal.join(re.split(rf"[$@]{one['name']}\b", text))
    return sorted(json.loads(row)["creative_page_url"] for (row,) in tables.execute(text).fetchall())


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def wanted(table: str, query: Query) -> list[str]:
    """The pages of the creatives that the server finds by the parameters, sorted."""
    asked = {one["name"]: one["parameterValue"] for one in query.parameters}
    return sorted(row["creative_page_url"] for row in WAREHOUSE.rows[table] if matches(row, asked))


DAYS = st.none() | st.dates(date(2023, 1, 1), date(2026, 1, 1))
COUNTRIES = st.lists(st.sampled_from(["NL", "DE", "FR", "CZ", "US", "ALL"]), max_size=3, unique=True).map(tuple)
NAMES = sorted({str(row["advertiser_disclosed_name"]) for row in ADS})
WHOM = st.sampled_from(
    [*NAMES, *(one.upper() for one in NAMES), *(row["advertiser_id"] for row in ADS), "x') OR TRUE --"]
)
WORDS = st.sampled_from([*(name[:4] for name in NAMES), "e", "zzz", "%", "' OR 1=1"])


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    since, until = sorted((draw(DAYS), draw(DAYS)), key=lambda day: day or date.min)
    if since is None and until is not None and draw(st.booleans()):
        since, until = until, None
    some: dict[str, Any] = {
        "countries": draw(COUNTRIES),
        "advertisers": tuple(draw(st.lists(WHOM, max_size=3))),
        "terms": tuple(draw(st.lists(WORDS, max_size=2))),
        "ids": tuple(draw(st.lists(st.sampled_from([row["creative_id"] for row in ADS]), max_size=2))),
        "ad_type": draw(st.sampled_from(["", "", "Political", "Law & Government", "political"])),
    }
    return Scope(what="transparency_center", since=since, until=until, **some)


@settings(max_examples=150, deadline=None)
@given(scope=scopes())
def test_query_finds_what_is_asked_for(tables: Tables, scope: Scope) -> None:
    query = query_for(scope, COLUMNS["creative_stats"])
    assert found(query, tables) == wanted("creative_stats", query)


@settings(max_examples=50, deadline=None)
@given(countries=COUNTRIES, since=DAYS)
def test_query_finds_removed_creatives(tables: Tables, countries: tuple[str, ...], since: date | None) -> None:
    query = query_for(
        Scope(what="removed_creatives", countries=countries, since=since), COLUMNS["removed_creative_stats"]
    )
    assert found(query, tables) == wanted("removed_creative_stats", query)


def test_an_ad_without_dates_is_found_whatever_the_days(tables: Tables) -> None:
    scope = Scope(what="transparency_center", since=date(2030, 1, 1), until=date(2030, 1, 2))
    assert found(query_for(scope, COLUMNS["creative_stats"]), tables) == [ADS[3]["creative_page_url"]]


def test_a_payer_is_searched_where_the_table_shows_one() -> None:
    scope = Scope(what="transparency_center", terms=("brug",))
    assert "ad_funded_by" not in query_for(scope, COLUMNS["creative_stats"]).text
    assert "ad_funded_by" in query_for(scope, [*COLUMNS["creative_stats"], "ad_funded_by"]).text


def test_a_row_comes_whole(tables: Tables) -> None:
    scope = Scope(what="transparency_center", ids=(ADS[0]["creative_id"],))
    text = query_for(scope, COLUMNS["creative_stats"]).text
    assert text.startswith("SELECT TO_JSON_STRING(t) AS record\nFROM `bigquery-public-data.")
    assert sqlglot.parse_one(text, read="bigquery").sql(dialect="bigquery")
    assert tables.execute("select count(*) from creative_stats").fetchall() == [(len(ADS),)]
