"""BigQuery's REST API in front of the Ads Transparency Center's two tables, as far as a pull needs it.

Contract: the reference of tables.get, jobs.insert, jobs.get and jobs.getQueryResults, the page of error messages, and
OAuth 2.0 (RFC 6749, RFC 7523) for tokens. Queries are not parsed: what their parameters ask for is looked for in the
rows by Python. The text of a query must name the table and exactly the parameters that come with it.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from adaudit.sample import google
from adaudit.sample.draw import LETTERS, draw_for

from .exchange import Answer, Asked, json_answer
from .faults import ADDED_FIELD, Striking
from .platform import NO_CURSOR, cursor, place_of, whole_number

API: Final = "/bigquery/v2/projects/"
DATASET: Final = "google_ads_transparency_center"
TABLE: Final = re.compile(rf"{API}bigquery-public-data/datasets/{DATASET}/tables/(\w+)")
JOBS: Final = re.compile(rf"{API}([\w-]+)/jobs")
JOB: Final = re.compile(rf"{API}([\w-]+)/jobs/([\w-]+)")
RESULTS: Final = re.compile(rf"{API}([\w-]+)/queries/([\w-]+)")
TOKENS: Final = "/token"
AUDIENCE: Final = "https://oauth2.googleapis.com/token"
"""For whom an assertion is made: Google's own address of tokens, wherever it is sent."""
SCOPE: Final = "https://www.googleapis.com/auth/bigquery"
PARAMETER: Final = re.compile(r"@(\w+)")
OF_TABLE: Final = re.compile(rf"`bigquery-public-data\.{DATASET}\.(\w+)`")
POLLS_UNTIL_FINISHED: Final = 1
BYTES_OF_ROW: Final = 900
LEAST_READ: Final = 10 * 2**20
STATUS: Final = {
    **dict.fromkeys(("accessDenied", "billingNotEnabled", "blocked", "quotaExceeded", "rateLimitExceeded"), 403),
    "responseTooLarge": 403,
    "authError": 401,
    "notFound": 404,
    "duplicate": 409,
    "backendError": 503,
    "internalError": 500,
}
"""HTTP status of each reason; 400 of all others."""
ADS_OF_SAMPLE: Final = 60
REMOVED_OF_SAMPLE: Final = 30
TEXTS: Final = (
    *("advertiser_id", "creative_id", "creative_page_url", "ad_format_type", "advertiser_disclosed_name"),
    *("advertiser_legal_name", "advertiser_location", "advertiser_verification_status", "topic"),
)
BOUNDS: Final = ("times_shown_lower_bound", "times_shown_upper_bound")
REGION: Final = (
    *("region_code", "first_shown", "last_shown", "times_shown_start_date", "times_shown_end_date"),
    *("times_shown_availability_date", *BOUNDS),
)
CRITERIA: Final = ("demographic_info", "geo_location", "contextual_signals", "customer_lists", "topics_of_interest")
DISAPPROVAL: Final = ("removal_reason", "violation_category", "removal_location", "decision_type")


def _column(name: str, kind: str = "STRING", mode: str = "NULLABLE", **more: object) -> dict[str, object]:
    return {"name": name, "type": kind, "mode": mode, **more}


def _record(name: str, mode: str, fields: list[dict[str, object]]) -> dict[str, object]:
    return _column(name, "RECORD", mode, fields=fields)


SURFACES: Final = _record(
    "surface_serving_stats",
    "NULLABLE",
    [
        _record(
            "surface_serving_stats",
            "REPEATED",
            [
                _column("surface"),
                *(_column(one, "INTEGER") for one in BOUNDS),
                _column("times_shown_availability_date"),
            ],
        )
    ],
)
SHOWN: Final = [
    _record(
        "region_stats",
        "REPEATED",
        [*(_column(one, "INTEGER" if one in BOUNDS else "STRING") for one in REGION), SURFACES],
    ),
    _record("audience_selection_approach_info", "NULLABLE", [_column(one) for one in CRITERIA]),
]
SCHEMAS: Final = {
    "creative_stats": [*(_column(one) for one in TEXTS), *SHOWN],
    "removed_creative_stats": [
        _column("creative_page_url"),
        *SHOWN,
        _record(
            "disapproval",
            "REPEATED",
            [*(_column(one) for one in DISAPPROVAL), _column("use_of_automated_means", "BOOLEAN")],
        ),
    ],
}


@dataclass
class Job:
    """A query that was made: the rows that it found, and how often its result was asked for."""

    query: str
    texts: list[str]
    polls: int = 0


@dataclass
class Warehouse:
    """The two tables, the jobs that were made, and the tokens that are taken."""

    seed: int
    ads: int
    expired: set[str]

    def __post_init__(self) -> None:
        ads = dict(google.files(self.seed, self.ads / ADS_OF_SAMPLE))[google.JSON_FILE]
        removed = dict(google.files(self.seed, self.ads / REMOVED_OF_SAMPLE))[google.REMOVED_JSON_FILE]
        self.rows = {
            "creative_stats": [_as_row(one, SCHEMAS["creative_stats"]) for one in json.loads(ads)],
            "removed_creative_stats": [_as_row(one, SCHEMAS["removed_creative_stats"]) for one in json.loads(removed)],
        }
        self.jobs: dict[str, Job] = {}

    def answer(self, asked: Asked, struck: Striking) -> Answer:
        """The answer to what is asked of BigQuery or of the tokens' address."""
        if asked.path == TOKENS:
            return self._tokens(asked)
        if not asked.bearer or asked.bearer in self.expired:
            return error("authError")
        if asked.method == "POST" and JOBS.fullmatch(asked.path):
            return self._insert(asked, struck)
        return self._got(asked, struck) if asked.method == "GET" else error("notFound")

    def _got(self, asked: Asked, struck: Striking) -> Answer:
        table, job, result = (one.fullmatch(asked.path) for one in (TABLE, JOB, RESULTS))
        if table and table[1] in self.rows:
            return json_answer(self._described(table[1], struck))
        if job and job[2] in self.jobs:
            return _chosen(asked, self._state(self.jobs[job[2]]))
        if result and result[2] in self.jobs:
            return self._result(asked, self.jobs[result[2]], struck)
        return error("notFound")

    def token(self, number: int) -> str:
        """A token of the given number."""
        return "ya29." + draw_for(self.seed, f"google token {number}").text_of(LETTERS, 120)

    def _tokens(self, asked: Asked) -> Answer:
        grant = asked.form.get("grant_type")
        good = grant == "refresh_token" and bool(asked.form.get("refresh_token"))
        if grant == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            claims = _claims(asked.form.get("assertion", ""))
            good = (claims.get("aud"), claims.get("scope")) == (AUDIENCE, SCOPE)
        if not good:
            return json_answer({"error": "invalid_grant", "error_description": "Bad Request"}, 400)
        number = len(self.expired) + 1
        return json_answer({"access_token": self.token(number), "expires_in": 3599, "token_type": "Bearer"})

    def _described(self, table: str, struck: Striking) -> dict[str, object]:
        rows = self.rows[table]
        reference = {"projectId": "bigquery-public-data", "datasetId": DATASET, "tableId": table}
        fields = [
            one if _name(one, struck) == one["name"] else {**one, "name": _name(one, struck)} for one in SCHEMAS[table]
        ]
        fields += [_column(ADDED_FIELD)] if "added" in struck else []
        return {
            "kind": "bigquery#table",
            "etag": "t1==",
            "id": f"bigquery-public-data:{DATASET}.{table}",
            "tableReference": reference,
            "schema": {"fields": fields},
            "numBytes": str(BYTES_OF_ROW * len(rows)),
            "numRows": str(len(rows)),
            "creationTime": "1690000000000",
            "lastModifiedTime": "1795000000000",
            "type": "TABLE",
            "location": "US",
        }

    def _insert(self, asked: Asked, struck: Striking) -> Answer:
        document: Any = asked.document or {}
        reference, configuration = document.get("jobReference", {}), document.get("configuration", {})
        identity, query = str(reference.get("jobId", "")), configuration.get("query", {})
        if not re.fullmatch(r"[\w-]{1,1024}", identity) or query.get("useLegacySql") is not False:
            return error("invalid")
        text = str(query.get("query", ""))
        given = {one["name"]: one["parameterValue"] for one in query.get("queryParameters", [])}
        table = OF_TABLE.search(text)
        if not table or table[1] not in self.rows or set(PARAMETER.findall(text)) != set(given):
            return error("invalidQuery")
        reads = LEAST_READ + BYTES_OF_ROW * len(self.rows[table[1]])
        if configuration.get("dryRun"):
            return _chosen(asked, {"status": {"state": "DONE"}, "statistics": {"totalBytesProcessed": str(reads)}})
        if int(query.get("maximumBytesBilled", reads)) < reads:
            return error("bytesBilledLimitExceeded")
        if identity in self.jobs:
            return error("duplicate")
        rows = [] if "empty" in struck else [one for one in self.rows[table[1]] if matches(one, given)]
        texts = [json.dumps(_drifted(one, struck), ensure_ascii=False, separators=(",", ":")) for one in rows]
        self.jobs[identity] = Job(json.dumps([text, sorted(given.items())]), texts)
        return _chosen(asked, self._state(self.jobs[identity]))

    def _state(self, job: Job) -> dict[str, object]:
        return {
            "kind": "bigquery#job",
            "user_email": "auditor@ministry.example",
            "status": {"state": "RUNNING"},
            "statistics": {"creationTime": "1795000000001", "query": {"statementType": "SELECT"}},
            "configuration": {"query": {"query": job.query}},
        }

    def _result(self, asked: Asked, job: Job, struck: Striking) -> Answer:
        job.polls += 1
        if job.polls <= POLLS_UNTIL_FINISHED or "unfinished" in struck:
            return _chosen(asked, {"kind": "bigquery#getQueryResultsResponse", "jobComplete": False})
        given = asked.parameters.get("pageToken", "")
        start = place_of(job.query, given) if given else 0
        size = whole_number(asked.parameters.get("maxResults", ""), 10_000)
        if start == NO_CURSOR or not size:
            return error("invalid")
        total = len(job.texts)
        end = min(start + size, total)
        own = job.texts[start:end]
        own = own[: len(own) - struck.number("lost", 2)] if "lost" in struck else own
        following = start if "endless" in struck else end if end < total else None
        if "endless_empty" in struck:
            own, following = [], start + size
        document: dict[str, object] = {
            "kind": "bigquery#getQueryResultsResponse",
            "etag": "r1==",
            "schema": {"fields": [_column("record")]},
            "jobReference": {"projectId": "somebodys-project", "location": "US"},
            "totalRows": str(total),
        }
        if following is not None and "paging_lost" not in struck:
            document["pageToken"] = cursor(job.query, following)
        if own:
            document["rows"] = [{"f": [{"v": text}]} for text in own]
        return _chosen(asked, document | {"totalBytesProcessed": "10485760", "jobComplete": True, "cacheHit": False})


def error(reason: str, status: int | None = None, message: str = "") -> Answer:
    """An error in the envelope of Google's APIs; of the tokens' address, in that of OAuth 2.0."""
    if reason.startswith("invalid_"):
        return json_answer({"error": reason, "error_description": message or "Bad Request"}, status or 400)
    code = status or STATUS.get(reason, 400)
    said = message or f"{reason} of BigQuery"
    each = [{"domain": "global", "reason": reason, "message": said}]
    return json_answer({"error": {"code": code, "message": said, "errors": each, "status": "FAILED"}}, code)


def answers(seed: int = 1) -> dict[str, bytes]:
    """One answer of each kind, by the form that it is; that with rows by the table's."""
    warehouse, none = Warehouse(seed, 20, set()), Striking([])
    texts = [json.dumps(one) for one in warehouse.rows["creative_stats"]]
    ready = POLLS_UNTIL_FINISHED
    asked = Asked(1, "google", "GET", "", "", "", {}, b"")
    return {
        "table_description": json_answer(warehouse._described("creative_stats", none)).body,
        "query_job": json_answer(warehouse._state(Job("", []))).body,
        "query_result": warehouse._result(asked, Job("", [], ready), none).body,
        "transparency_center_json": warehouse._result(asked, Job("", texts, ready), none).body,
    }


def key_file(base: str) -> dict[str, str]:
    """The key of a service account whose tokens come from this server, as Google writes it."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {
        "type": "service_account",
        "project_id": "somebodys-project",
        "private_key_id": "0f1e2d3c",
        "private_key": text.decode(),
        "client_email": "auditor@somebodys-project.iam.gserviceaccount.com",
        "client_id": "1",
        "token_uri": f"{base}{TOKENS}",
    }


def _claims(assertion: str) -> Mapping[str, object]:
    """What a signed assertion claims; nothing where it is none."""
    try:
        _, payload, _ = assertion.split(".")
        found = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _chosen(asked: Asked, document: Mapping[str, object]) -> Answer:
    """The document, of which `fields` may name the keys that are wanted."""
    wanted = asked.parameters.get("fields")
    if wanted is None:
        return json_answer(document)
    return json_answer({key: one for key, one in document.items() if key in wanted.split(",")})


def _as_row(found: Any, fields: list[dict[str, Any]]) -> dict[str, Any]:
    """A record as the table holds it: every column, null where nothing is said, lists never null, numbers as such."""
    row: dict[str, Any] = {}
    for one in fields:
        value = (found or {}).get(one["name"])
        if one["mode"] == "REPEATED":
            row[one["name"]] = [_as_row(each, one["fields"]) for each in value or []]
        elif one["type"] == "RECORD":
            row[one["name"]] = None if value is None else _as_row(value, one["fields"])
        else:
            row[one["name"]] = int(value) if one["type"] == "INTEGER" and value is not None else value
    return row


def matches(row: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Whether a row is one of those that the parameters ask for."""
    one = {name: value["value"] for name, value in given.items() if "value" in value}
    several = {
        name: [each["value"] for each in value["arrayValues"]] for name, value in given.items() if "value" not in value
    }
    if {"countries", "since", "until"} & set(given) and not any(
        _shown(region, one, several.get("countries")) for region in row["region_stats"]
    ):
        return False
    if "topic" in one and row["topic"] != one["topic"]:
        return False
    names = [str(row.get(key) or "").casefold() for key in ("advertiser_legal_name", "advertiser_disclosed_name")]
    whose: dict[str, set[Any]] = {
        "advertisers": {row.get("advertiser_id")},
        "ids": {row.get("creative_id")},
        "names": set(names),
    }
    asked = [
        bool(found & {each if name != "names" else each.casefold() for each in several[name]})
        for name, found in whose.items()
        if name in several
    ]
    if "words" in several:
        asked.append(any(each.casefold() in name for each in several["words"] for name in names))
    return not asked or any(asked)


def _shown(region: Mapping[str, Any], one: Mapping[str, str], countries: list[str] | None) -> bool:
    if countries is not None and region["region_code"] not in countries:
        return False
    first, last = region["first_shown"] or "", region["last_shown"] or "9"
    return bool(first <= one.get("until", "9999") and last >= one.get("since", ""))


def _name(one: Mapping[str, object], struck: Striking) -> object:
    renamed = struck.get("renamed")
    return f"{one['name']}_renamed" if renamed and renamed.field == one["name"] else one["name"]


def _drifted(row: Mapping[str, Any], struck: Striking) -> dict[str, Any]:
    renamed = struck.get("renamed")
    found = {f"{key}_renamed" if renamed and renamed.field == key else key: value for key, value in row.items()}
    return found | ({ADDED_FIELD: "not seen before"} if "added" in struck else {})
