"""Writes the query for rows of the Ads Transparency Center's tables: fixed text, what is asked for as parameters alone.

Each row comes whole, as one JSON text (`TO_JSON_STRING`), so that it is read as an export as JSON is and a column
that the table has from tomorrow on is seen. What a filter cannot tell is kept: a row without a date may have been
shown on any. Parameters are those of
https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/QueryParameter.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adaudit.connectors.fetching import Scope
from adaudit.errors import SourceChanged

PROJECT: Final = "bigquery-public-data"
DATASET: Final = "google_ads_transparency_center"
TABLES: Final = {"transparency_center": "creative_stats", "removed_creatives": "removed_creative_stats"}
"""The table of each thing that can be asked for."""
ADVERTISER_ID: Final = re.compile(r"AR\d+")
NAMES: Final = ("advertiser_legal_name", "advertiser_disclosed_name", "ad_funded_by")
"""Columns that hold a name; the last may be lacking, and is then not asked."""
EVERYWHERE: Final = "ALL"


@dataclass(frozen=True)
class Query:
    """The text of a query and its named parameters."""

    text: str
    parameters: tuple[dict[str, Any], ...]

    def configuration(self, most_bytes: int | None = None) -> dict[str, object]:
        """The query as a job takes it (`JobConfigurationQuery`), billed for so many bytes at most."""
        found: dict[str, object] = {
            "query": self.text,
            "useLegacySql": False,
            "parameterMode": "NAMED",
            "queryParameters": list(self.parameters),
        }
        return found | ({} if most_bytes is None else {"maximumBytesBilled": str(most_bytes)})


def query_for(scope: Scope, columns: Sequence[str]) -> Query:
    """The query for the rows of a scope, of a table that has these columns."""
    conditions, parameters = [], []
    for condition, *given in (*_shown(scope), *_whose(scope, columns), *_topic(scope)):
        conditions.append(condition)
        parameters += given
    where = f"\nWHERE {' AND '.join(conditions)}" if conditions else ""
    table = f"`{PROJECT}.{DATASET}.{TABLES[scope.what]}`"
    return Query(f"SELECT TO_JSON_STRING(t) AS record\nFROM {table} AS t{where}", tuple(parameters))


def needed(scope: Scope) -> set[str]:
    """The columns without which the rows of a scope cannot be told, or not be read."""
    if scope.what == "removed_creatives":
        return {"creative_page_url", "region_stats", "disapproval"}
    found = {"advertiser_id", "creative_id", "advertiser_disclosed_name", "advertiser_legal_name", "region_stats"}
    return found | ({"topic"} if scope.ad_type else set())


def checked_columns(scope: Scope, schema: Any) -> list[str]:  # noqa: ANN401 - what the source answers
    """The columns of a table as its description tells them.

    Raises SourceChanged where it lacks some without which it cannot be asked or read.
    """
    fields = _fields(schema)
    region = _fields(next((one for one in fields if one.get("name") == "region_stats"), {}))
    columns, inner = ([str(one["name"]) for one in some if "name" in one] for some in (fields, region))
    lacking = sorted(needed(scope) - set(columns))
    if "region_stats" not in lacking:
        keys = {"region_code", "first_shown", "last_shown"}
        lacking += [f"region_stats.{one}" for one in sorted(keys - set(inner))]
    if lacking:
        raise SourceChanged(
            f"expected the columns {', '.join(lacking)} in {TABLES[scope.what]}; found {', '.join(columns) or 'none'}. "
            "Nothing was queried and nothing is billed."
        )
    return columns


def _fields(schema: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - what the source answers
    found = schema.get("fields") if isinstance(schema, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


Condition = tuple[Any, ...]
"""The text of a condition, and its parameters."""


def _shown(scope: Scope) -> Iterator[Condition]:
    """Shown in one of the countries at some time of the period, by the same row of its region statistics."""
    countries = () if EVERYWHERE in scope.countries else scope.countries
    parts: list[Condition] = []
    if countries:
        parts.append(("r.region_code IN UNNEST(@countries)", _texts("countries", countries)))
    if scope.until:
        parts.append(("IFNULL(CAST(r.first_shown AS STRING), '') <= @until", _text("until", scope.until.isoformat())))
    if scope.since:
        parts.append(("IFNULL(CAST(r.last_shown AS STRING), '9') >= @since", _text("since", scope.since.isoformat())))
    if parts:
        inner = " AND ".join(text for text, _ in parts)
        yield (f"EXISTS (SELECT 1 FROM UNNEST(t.region_stats) AS r WHERE {inner})", *(given for _, given in parts))  # noqa: S608


def _whose(scope: Scope, columns: Sequence[str]) -> Iterator[Condition]:
    """Of one of the advertisers, or with one of the ids."""
    numbers = tuple(one for one in scope.advertisers if ADVERTISER_ID.fullmatch(one))
    names = tuple(one for one in scope.advertisers if one not in numbers)
    folded = [f"NORMALIZE_AND_CASEFOLD(t.{one})" for one in NAMES if one in columns]
    parts: list[Condition] = []
    if numbers:
        parts.append(("t.advertiser_id IN UNNEST(@advertisers)", _texts("advertisers", numbers)))
    if names:
        same = f"NORMALIZE_AND_CASEFOLD(n) IN ({', '.join(folded)})"
        parts.append((f"EXISTS (SELECT 1 FROM UNNEST(@names) AS n WHERE {same})", _texts("names", names)))  # noqa: S608
    if scope.terms:
        within = " OR ".join(f"STRPOS({one}, NORMALIZE_AND_CASEFOLD(w)) > 0" for one in folded)
        parts.append((f"EXISTS (SELECT 1 FROM UNNEST(@words) AS w WHERE {within})", _texts("words", scope.terms)))  # noqa: S608
    if scope.ids:
        parts.append(("t.creative_id IN UNNEST(@ids)", _texts("ids", scope.ids)))
    if parts:
        yield (f"({' OR '.join(text for text, _ in parts)})", *(given for _, given in parts))


def _topic(scope: Scope) -> Iterator[Condition]:
    if scope.ad_type:
        yield "t.topic = @topic", _text("topic", scope.ad_type)


def _text(name: str, value: str) -> dict[str, Any]:
    return {"name": name, "parameterType": {"type": "STRING"}, "parameterValue": {"value": value}}


def _texts(name: str, values: Sequence[str]) -> dict[str, Any]:
    return {
        "name": name,
        "parameterType": {"type": "ARRAY", "arrayType": {"type": "STRING"}},
        "parameterValue": {"arrayValues": [{"value": one} for one in values]},
    }
