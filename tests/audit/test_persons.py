"""Persons are taken out of everything that is written, verdicts stay those of the records as they were."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from adaudit.audit.assemble import Assembled
from adaudit.audit.options import Options
from adaudit.audit.persons import E_MAIL, EMAIL, WITHHELD, Persons, find_persons, redact_records
from adaudit.audit.run import Audit, audit
from adaudit.cli import cli
from adaudit.errors import UsageError
from adaudit.language import Wording

from .fictional import Batch, Row, frame_of, installed

ANNA: Row = {
    "record_id": "NL|12|Anna de Vries|anna",
    "sponsor_name": "Anna de Vries",
    "sponsor_kind": "natural",
    "sponsor_email": "anna@devries.example",
    "sponsor_postal_address": "Dorpsstraat 1, Utrecht",
    "sponsor_establishment": "NL",
    "sponsor_registration": "12345",
    "payer_name": "Lijst Duin",
    "payer_kind": "legal",
    "payer_company_number": "12345678",
    "payer_email": "info@lijstduin.example",
    "account_name": "Vote",
    "texts": ["Vote for anna DE vries!", "Mail anna%40devries.example or x.y+z@mail.example.org", "Lijst Duin"],
    "parties": [{"role": "payer", "name": "Anna de Vries", "current": True}],
    "url": "https://video.example/@anna/v.1",
    "unreadable": {"amount_ad_low": "about 5, says Anna de Vries"},
}
BERT: Row = {"record_id": "2", "sponsor_name": "Bert B. Smit", "titles": ["Anna de Vries and Bert B. Smit"]}
FILLER: Row = {"record_id": "3", "sponsor_name": "n.v.t.", "sponsor_email": "x", "payer_name": "0000"}


def redacted(
    folder: Path, *rows: Row, known: tuple[str, ...] = ()
) -> tuple[list[dict[str, object]], Persons, dict[str, int]]:
    with installed():
        frame = frame_of(Batch("notices", rows))
    before = folder / "before"
    before.mkdir()
    frame.write_parquet(before / "records.parquet")
    persons = find_persons([before / "records.parquet"], known)
    assembled = Assembled(before / "records.parquet", len(rows), (), 0, 0, {})
    after, counts = redact_records(assembled, persons, folder)
    assert after.records == folder / "records.parquet"
    return pl.read_parquet(after.records).to_dicts(), persons, counts


def test_a_person_is_replaced_by_the_same_number_everywhere(tmp_path: Path) -> None:
    (anna, bert, _), persons, _ = redacted(tmp_path, ANNA, BERT, FILLER)
    assert not {"Lijst Duin", "n.v.t.", "0000"} & set(persons.pseudonyms)
    number = persons.pseudonyms["Anna de Vries"]
    assert number.startswith("[person ")
    assert anna["sponsor_name"] == number
    assert anna["parties"] == [{"role": "payer", "name": number, "current": True}]
    assert anna["record_id"] == f"NL|12|{number}|anna"
    assert anna["texts"] == [f"Vote for {number}!", f"Mail {E_MAIL} or {E_MAIL}", "Lijst Duin"]
    assert anna["unparsed"] == [{"column": "amount_ad_low", "text": f"about 5, says {number}"}]
    assert persons.pseudonyms["Bert B. Smit"].startswith("[name "), "nothing says that it is a person's"
    assert bert["titles"] == [f"{number} and {persons.pseudonyms['Bert B. Smit']}"]
    assert len(set(persons.pseudonyms.values())) == len(persons.pseudonyms)


def test_what_leads_to_a_person_goes_and_what_is_an_organisation_stays(tmp_path: Path) -> None:
    (anna, *_), persons, _ = redacted(tmp_path, ANNA)
    assert anna["sponsor_postal_address"] == anna["sponsor_registration"] == WITHHELD
    assert anna["sponsor_establishment"] == "NL", "a country alone leads to nobody"
    assert (anna["payer_name"], anna["payer_company_number"]) == ("Lijst Duin", "12345678")
    assert anna["sponsor_email"] == anna["payer_email"] == E_MAIL, "mail addresses go whosever they are"
    assert anna["url"] == "https://video.example/@anna/v.1"
    assert anna["account_name"] == persons.pseudonyms["Vote"], "nothing shows that it is an organisation"
    assert str(anna["texts"]).startswith("['Vote for"), "a name of one word is no reason to change a text"


def test_places_are_no_persons_though_a_page_bears_their_name(tmp_path: Path) -> None:
    (row,), _, _ = redacted(tmp_path, {"account_name": "Den Haag", "locations": ["Den Haag"], "texts": ["In Den Haag"]})
    assert row["locations"] == ["Den Haag"]
    assert row["account_name"] == "[name 1]"
    assert row["texts"] == ["In [name 1]"], "in a text it could be either: taken out"


def test_filler_stays_visible(tmp_path: Path) -> None:
    (filler,), persons, counts = redacted(tmp_path, FILLER)
    assert (filler["sponsor_name"], filler["sponsor_email"], filler["payer_name"]) == ("n.v.t.", "x", "0000")
    assert persons.pseudonyms == {}
    assert set(counts.values()) == {0}


def test_values_taken_out_are_counted_by_sort(tmp_path: Path) -> None:
    _, _, counts = redacted(tmp_path, ANNA, BERT, FILLER)
    assert counts == {"names": 4, "emails": 2, "addresses": 2, "texts": 4}


def test_the_user_can_say_who_is_an_organisation_but_not_against_the_source(tmp_path: Path) -> None:
    (anna, bert), _, _ = redacted(tmp_path, ANNA, BERT, known=("bert b. smit", "anna de vries"))
    assert bert["sponsor_name"] == "Bert B. Smit"
    assert str(anna["sponsor_name"]).startswith("[person ")


def test_numbers_tell_nothing_of_the_order_of_names(tmp_path: Path) -> None:
    names = [f"Persoon {letter}" for letter in "abcdefghij"]
    _, persons, _ = redacted(tmp_path, *({"sponsor_name": name} for name in names))
    numbers = [int(persons.pseudonyms[name].split()[1][:-1]) for name in names]
    assert sorted(numbers) == list(range(1, 11))
    assert numbers not in (sorted(numbers), sorted(numbers, reverse=True))


def test_a_notice_loses_persons_in_both_languages() -> None:
    said = Wording("shown as a@b.example.csv", "getoond als a@b.example.csv")
    taken = Persons({}).in_text(said)
    assert "a@b" not in taken
    assert taken.startswith("shown as ")
    assert isinstance(taken, Wording)
    assert taken.nl.startswith("getoond als ")
    assert "a@b" not in taken.nl


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a.b@c.example", "[e-mail]"),
        ("mailto:a@b.example?subject=x", "mailto:[e-mail]?subject=x"),
        ("(jan_jansen@mail.example), en", "([e-mail]), en"),
        ("x=ünï@bücher.example;", "x=[e-mail];"),
        ("at @handle and 3@4", "at @handle and 3@4"),
        ("https://medium.example/@user.name/1", "https://medium.example/@user.name/1"),
    ],
)
def test_mail_addresses_are_found_in_texts(text: str, left: str) -> None:
    assert pl.select(pl.lit(text).str.replace_all(EMAIL, E_MAIL)).item() == left


def everything_written(out: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(out.rglob("*")):
        if path.suffix == ".parquet":
            yield path.name, "\n".join(json.dumps(row, default=str) for row in pl.read_parquet(path).to_dicts())
        elif path.is_file() and path.suffix not in {".png", ".xlsx"}:
            yield path.name, path.read_text("utf-8")


@pytest.fixture(scope="module")
def written(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    out = tmp_path_factory.mktemp("redacted") / "out"
    asked = ["--redact-persons", "--by", "sponsor", "--format", "csv", "--format", "json", "--sample", "50"]
    ran = CliRunner().invoke(cli, ["audit", str(sample), "--out", str(out), *asked])
    assert ran.exit_code == 0, ran.output
    return out, ran.output


@pytest.fixture(scope="module")
def whole(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Audit:
    return audit([sample], tmp_path_factory.mktemp("whole") / "out", Options(), lambda *_: None)


def test_nothing_written_or_shown_names_a_person(whole: Audit, written: tuple[Path, str]) -> None:
    out, shown = written
    names = [name for name in find_persons([whole.assembled.records], ()).pseudonyms if " " in name.strip()]
    mails = pl.read_parquet(whole.assembled.records)["sponsor_email"].drop_nulls().to_list()
    sought = [*names, *(mail for mail in mails if "@" in mail)]
    sought += [json.dumps(one)[1:-1] for one in sought]
    assert len(names) > 100
    assert any("@" in one for one in sought)
    files = dict(everything_written(out))
    assert {"records.parquet", "findings.csv", "records.ndjson", "sponsor.csv", "sample.csv", "summary.json"} <= set(
        files
    )
    for name, text in (*files.items(), ("terminal", shown)):
        lower = text.lower()
        assert [one for one in sought if json.dumps(one)[1:-1].lower() in lower or one.lower() in lower] == [], name


def test_verdicts_and_counts_are_those_of_the_records_as_they_were(whole: Audit, written: tuple[Path, str]) -> None:
    out, _ = written
    assert (whole.out / "verdicts.parquet").read_bytes() == (out / "verdicts.parquet").read_bytes()
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["verdicts"] == json.loads((whole.out / "summary.json").read_text("utf-8"))["verdicts"]
    assert summary["redaction"]["persons"] > 100
    assert summary["redaction"]["values"]["names"] > 1000
    assert whole.summary["redaction"] is None
    columns = ["source", "rule", "verdict", "locator", "input_sha256"]
    frames = [pl.read_parquet(one / "findings.parquet", columns=columns) for one in (whole.out, out)]
    assert frames[0].equals(frames[1])
    assert not [path for path in out.iterdir() if path.name.startswith(".")]


def test_the_number_of_sponsors_stays_what_it_was(whole: Audit, written: tuple[Path, str]) -> None:
    out, _ = written
    numbers = [
        pl.read_parquet(one / "records.parquet").group_by("sponsor_name").len()["len"].sort().to_list()
        for one in (whole.out, out)
    ]
    assert numbers[0] == numbers[1]


def test_rejected_rows_are_withheld_with_their_place(tmp_path: Path) -> None:
    given = tmp_path / "FacebookAdLibraryReport_2025-11-02_NL_last_7_days_advertisers.csv"
    header = "Page ID,Page name,Disclaimer,Amount spent (EUR),Number of ads in Library\n"
    given.write_text(header + "1,Jan de Boer,Jan de Boer,120,3\n2,Piet de Wit\n", encoding="utf-8")
    done = audit([given], tmp_path / "out", Options(redact_persons=True), lambda *_: None)
    (row,) = (json.loads(line) for line in (done.out / "rejected.ndjson").read_text("utf-8").splitlines())
    assert row["raw"] == WITHHELD
    assert row["place"]
    assert done.summary["redaction"]["rejected_rows_withheld"] == 1  # type: ignore[index]
    assert "Piet" not in (done.out / "summary.json").read_text("utf-8")


def test_organisations_without_redaction_is_wrong_use(sample: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="give both"):
        audit([sample], tmp_path / "out", Options(organisations=tmp_path / "x.csv"), lambda *_: None)


def test_decisions_are_matched_on_what_was_seen_and_written_without_names(tmp_path: Path) -> None:
    given = tmp_path / "FacebookAdLibraryReport_2025-11-02_NL_last_7_days_advertisers.csv"
    header = "Page ID,Page name,Disclaimer,Amount spent (EUR),Number of ads in Library\n"
    given.write_text(header + "1,Jan de Boer,Jan de Boer,120,3\n", encoding="utf-8")
    whole = audit([given], tmp_path / "one", Options(), lambda *_: None)
    finding = pl.read_parquet(whole.out / "findings.parquet").filter(pl.col("rule") == "notice_sponsor_name")
    decided = finding.select("source", "kind", "record_id", "rule", "verdict", "reason", "observed").with_columns(
        decision=pl.lit("confirmed"),
        note=pl.lit("asked Jan de Boer"),
        who=pl.lit("A. Toetser"),
        when=pl.lit("2026-01-02"),
    )
    assert decided.height == 1
    decided.write_csv(tmp_path / "d.csv")
    options = Options(redact_persons=True, decisions=tmp_path / "d.csv")
    done = audit([given], tmp_path / "two", options, lambda *_: None)
    assert done.summary["decisions"]["confirmed"] == 1  # type: ignore[index]
    row = pl.read_parquet(done.out / "findings.parquet").filter(pl.col("decision") == "confirmed").to_dicts()[0]
    assert row["decided_by"] == "[reviewer]"
    assert row["decision_note"].startswith("asked [name ")
    for name, text in everything_written(done.out):
        assert "Jan de Boer" not in text, name
        assert "Toetser" not in text, name
