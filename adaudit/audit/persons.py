"""`--redact-persons`: names and addresses of natural persons are taken out of the records before they are kept.

It is done once, on the judged records, so that findings, tables, charts and reports, which all derive
from them, never hold what was taken out; verdicts are those of the records as they were. Sources seldom
say whether a name is a person's: every name that is not shown to be an organisation's is taken for one.
A name becomes `[name 12]`, or `[person 12]` where the source calls its bearer a natural person, the same name
always the same number within an audit, so that totals by sponsor stay apart; the numbers tell nothing about
the names. Hash and locator stay, so that whoever has
the bytes can look the name up.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.audit.assemble import Assembled, read_actors, write_records
from adaudit.audit.batches import ROWS
from adaudit.audit.intake import Intake, SetAside
from adaudit.audit.options import Options
from adaudit.audit.repository import without_words
from adaudit.language import LANGUAGES, Wording, in_language
from adaudit.model.fillers import nobody, placeholder
from adaudit.model.record import CONTENT, EVIDENCE, ROLES, SCHEMA

NAMES: Final[dict[str, str | None]] = {
    "sponsor_name": "sponsor_kind",
    "controlling_entity_name": "controlling_entity_kind",
    "payer_name": "payer_kind",
    "beneficiary_name": None,
    "data_controller_name": None,
    "account_name": None,
    "disclaimer": None,
}
"""Columns that hold a name, each with the column that tells whose it is, where there is one."""
OF_A_PERSON: Final = ("postal_address", "establishment", "registration", "company_number")
"""What else identifies a person who is the sponsor, the controlling entity or the payer."""
EMAIL: Final = r"[^\s@<>\"'(),;:=/\\\[\]]+(?:@|%40)[^\s@<>\"'(),;:=/\\\[\]&?%]+\.[\p{L}]{2,}"
E_MAIL: Final = "[e-mail]"
WITHHELD: Final = "[withheld]"
REVIEWER: Final = "[reviewer]"
OF_SEVERAL_WORDS: Final = re.compile(r"\S[\s|]+\S")
"""A name of one word is replaced where it is the whole value, and not inside texts: `Vote` is a page's name too."""
COUNTRY_ALONE: Final = r"^[A-Z]{2}$"
"""An address of which only the country is shown: it leads to nobody."""
OF_NO_PERSON: Final = ("countries", "country_key", "locations", "languages", "genders", "media_kind")
"""Places, languages and the like: a page may bear the name of a town."""
KEPT: Final = frozenset(
    {"source", "form", "kind", "amount_currency", "political_basis", *EVIDENCE, *OF_NO_PERSON}
    | {name for name in CONTENT if name.endswith("_kind")}
)
"""Texts that are the program's own, name nobody, or lead to the bytes."""


@dataclass(frozen=True)
class Persons:
    """The names that are taken out, each with its number."""

    pseudonyms: dict[str, str]

    def replaced(self, text: pl.Expr) -> pl.Expr:
        """The text with every known name in it, and every e-mail address, taken out."""
        found = text.str.replace_all(EMAIL, E_MAIL)
        long = {
            form: new
            for name, new in self.pseudonyms.items()
            if OF_SEVERAL_WORDS.search(name)
            for form in (name.upper(), name.lower(), name)
        }
        return found.str.replace_many(long, ascii_case_insensitive=True, leftmost=True) if long else found

    def instead(self, name: pl.Expr) -> pl.Expr:
        """The pseudonym of a value that is a name; of any other text, what is left without persons."""
        exact = name.replace_strict(self.pseudonyms, default=None, return_dtype=pl.String)
        return pl.coalesce(exact, self.replaced(name))

    def in_id(self, record_id: pl.Expr) -> pl.Expr:
        """A record's id without persons: ids of aggregates hold names between bars."""
        return self.replaced(record_id).str.split("|").list.eval(self.instead(pl.element())).list.join("|")

    def in_text(self, text: str) -> str:
        """One text, in each language it has, with every known name in it, and every e-mail address, taken out."""
        en, nl = (str(pl.select(self.replaced(pl.lit(in_language(text, language)))).item()) for language in LANGUAGES)
        return Wording(en, nl)


@dataclass(frozen=True)
class Redaction:
    """How much was taken out: names of persons, values changed by sort, rejected rows withheld."""

    persons: int
    values: dict[str, int]
    withheld: int

    def as_written(self) -> dict[str, object]:
        """The entry `redaction` of `summary.json`."""
        return {"persons": self.persons, "values": self.values, "rejected_rows_withheld": self.withheld}


def organisations(options: Options) -> list[str]:
    """Names that the user knows to be organisations', in lower case. Raises UsageError as `read_actors` does."""
    return read_actors(options.organisations, "--organisations") if options.organisations else []


def find_persons(records: Iterable[Path], known: Sequence[str]) -> Persons:
    """Every name in the records that is not shown to be an organisation's.

    Shown by the source (`legal`) wherever that name stands, or by the user (`known`, in lower case); a name
    that the source somewhere calls a natural person's is one everywhere.
    """
    frames = [pl.scan_parquet(path) for path in records]
    names = pl.concat([one for frame in frames for one in _named(frame)]).unique().collect(engine="streaming")
    lower = pl.col("name").str.to_lowercase()
    legal = names.filter(pl.col("kind") == "legal").select(lower).to_series()
    natural = names.filter(pl.col("kind") == "natural").select(lower).to_series()
    shown = (lower.is_in(legal.implode()) | lower.is_in(list(known))) & ~lower.is_in(natural.implode())
    persons = names.filter(~shown)["name"].unique().to_list()
    ordered = sorted(persons, key=lambda name: hashlib.sha256(name.encode()).digest())
    stated = set(natural.to_list())
    words = {name: "person" if name.lower() in stated else "name" for name in ordered}
    return Persons({name: f"[{words[name]} {number}]" for number, name in enumerate(ordered, start=1)})


def _named(frame: pl.LazyFrame) -> list[pl.LazyFrame]:
    """(name, kind) for every column that holds a name; what stands for nobody is no name."""
    found = [
        frame.select(
            pl.col(name).alias("name"), (pl.col(kind) if kind else pl.lit(None, dtype=pl.String)).alias("kind")
        )
        for name, kind in NAMES.items()
    ]
    parties = frame.select(pl.col("parties").explode(empty_as_null=True, keep_nulls=True).struct.field("name"))
    found.append(parties.with_columns(pl.lit(None, dtype=pl.String).alias("kind")))
    filler = placeholder("name") | nobody("name") | (pl.col("name").str.strip_chars() == "")
    return [one.filter(~filler.fill_null(value=True)) for one in found]


def redact_records(assembled: Assembled, persons: Persons, out: Path) -> tuple[Assembled, dict[str, int]]:
    """Write the records (and older versions) to `out` without persons; and how many values were taken out."""
    counts: dict[str, int] = dict.fromkeys(("names", "emails", "addresses", "texts"), 0)
    for path in (assembled.records, assembled.records.with_name("superseded.parquet")):
        if not path.exists():
            continue
        before = pl.scan_parquet(path)
        filled = before.select(pl.all().count()).collect(engine="streaming").row(0, named=True)
        after = before.with_columns(_columns(persons, {name for name, number in filled.items() if number}))
        write_records(after.select(*SCHEMA), out / path.name)
        for what, number in _changed(before, pl.scan_parquet(out / path.name)).items():
            counts[what] += number
    return replace(assembled, records=out / "records.parquet"), counts


def _columns(persons: Persons, filled: set[str]) -> list[pl.Expr]:
    """Every column that holds a value, without persons; looking for many names costs time even where there is none."""
    found: list[pl.Expr] = []
    whole = {"record_id", *NAMES} | {f"{role}_{part}" for role in ROLES for part in (*OF_A_PERSON, "email")}
    found += [persons.instead(pl.col(column)).alias(column) for column in NAMES if column in filled]
    found.append(persons.in_id(pl.col("record_id")))
    for role in ROLES:
        found.append(_instead(f"{role}_email", pl.lit(value=True), E_MAIL))
        kind, name = pl.col(f"{role}_kind"), pl.col(f"{role}_name")
        person = (
            name.is_in(list(persons.pseudonyms)) | (name.is_null() & kind.ne_missing("legal")) | (kind == "natural")
        )
        found += [_instead(f"{role}_{part}", person.fill_null(value=False), WITHHELD) for part in OF_A_PERSON]
    for column, dtype in SCHEMA.items():
        if column in whole or column in KEPT or column not in filled:
            continue
        if dtype == pl.String:
            found.append(persons.replaced(pl.col(column)))
        elif dtype == pl.List(pl.String):
            found.append(pl.col(column).list.eval(persons.replaced(pl.element())))
        elif isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct):
            found.append(_entries(column, dtype.inner, persons))
    return found


def _instead(column: str, where: pl.Expr, words: str) -> pl.Expr:
    """The words instead of the value; filler and a country alone, which are nobody's, stay visible."""
    filler = placeholder(column) | nobody(column) | pl.col(column).str.contains(COUNTRY_ALONE)
    return pl.when(where & pl.col(column).is_not_null() & ~filler).then(pl.lit(words)).otherwise(column).alias(column)


def _entries(column: str, inner: pl.Struct, persons: Persons) -> pl.Expr:
    fields = []
    for one in inner.fields:
        value = pl.element().struct.field(one.name)
        if one.dtype == pl.String and (column, one.name) not in {("parties", "role"), ("unparsed", "column")}:
            value = persons.instead(value)
        fields.append(value.alias(one.name))
    return pl.col(column).list.eval(pl.struct(fields))


def _changed(before: pl.LazyFrame, after: pl.LazyFrame) -> dict[str, int]:
    """How many values of each sort are no longer what they were; lists count as one value."""
    kinds = {
        "names": [*NAMES, "parties"],
        "emails": [f"{role}_email" for role in ROLES],
        "addresses": [f"{role}_{part}" for role in ROLES for part in OF_A_PERSON],
    }
    named = {column for columns in kinds.values() for column in columns}
    textual = [c for c, dtype in SCHEMA.items() if (dtype == pl.String or isinstance(dtype, pl.List)) and c not in KEPT]
    kinds["texts"] = [column for column in textual if column not in named]
    columns = [column for group in kinds.values() for column in group]
    both = pl.concat(
        [before.select(columns), after.select(pl.col(one).alias(f"new {one}") for one in columns)], how="horizontal"
    )
    differs = {what: [pl.col(c).ne_missing(pl.col(f"new {c}")).sum() for c in group] for what, group in kinds.items()}
    totals = [pl.sum_horizontal(parts).alias(what) for what, parts in differs.items()]
    return {
        what: int(number) for what, number in both.select(totals).collect(engine="streaming").row(0, named=True).items()
    }


def redact_intake(intake: Intake, persons: Persons) -> int:
    """Take persons out of what the inputs' reports say; the text of rejected rows is withheld whole.

    Nothing tells which part of a row that was not understood is a name. Returns how many rows were withheld.
    """
    withheld = 0
    for report in intake.reports:
        withheld += len(report.rejected)
        report.rejected = [SetAside(one.path, one.place, one.reason, WITHHELD) for one in report.rejected]
        report.problem = persons.in_text(report.problem) if report.problem else report.problem
        report.notices = [persons.in_text(one) for one in report.notices]
        report.new_fields = [persons.in_text(one) for one in report.new_fields]
    intake.repository = without_words(intake.repository)
    return withheld


def redact_findings(seen: Path, written: Path, persons: Persons) -> None:
    """Carry the decisions over from the findings as seen to those made of redacted records, row by row."""
    decided = pl.scan_parquet(seen).select(
        "decision",
        pl.when(pl.col("decided_by").is_not_null()).then(pl.lit(REVIEWER)).alias("decided_by"),
        "decided_on",
        persons.replaced(pl.col("decision_note")),
    )
    bare = written.rename(written.with_name("findings-undecided.parquet"))
    names = [name for name in pl.read_parquet_schema(bare) if name not in decided.collect_schema().names()]
    both = pl.concat([pl.scan_parquet(bare).select(names), decided], how="horizontal")
    both.sink_parquet(written, maintain_order=True, row_group_size=ROWS)
    bare.unlink()


def redact_decisions(rows: pl.DataFrame, persons: Persons) -> pl.DataFrame:
    """The decisions without persons; what saw another value is withheld, since its names may be gone."""
    old = pl.col("standing") != "applied"
    return rows.with_columns(
        pl.when(old & (pl.col("observed") != ""))
        .then(pl.lit(WITHHELD))
        .otherwise(persons.replaced(pl.col("observed")))
        .alias("observed"),
        persons.in_id(pl.col("record_id")),
        *(persons.replaced(pl.col(name)) for name in ("decision", "note", "when")),
        pl.lit(REVIEWER).alias("who"),
        pl.when(pl.col("changed").str.contains("observed:"))
        .then(pl.lit("observed"))
        .otherwise("changed")
        .alias("changed"),
    )
