"""`adaudit.toml`: every error names its line and what is allowed; no secret is repeated."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from adaudit.batch.configuration import read
from adaudit.batch.places import place_of, places
from adaudit.batch.template import next_vote, template
from adaudit.errors import UsageError
from adaudit.language import LANGUAGES, Language

GOOD = """\
store = "memory"
countries = ["NL"]

[rhythm]
every = "1d"
last_month = "6h"

[[pull]]
source = "meta"
countries = ["NL"]
pages = [
  "1", # first
  "2",
]
every = "12h"

[[alert]]
name = "payers"
rule = "notice_payer"
at_least = 3
"""


def refused(folder: Path, text: str) -> str:
    path = folder / "adaudit.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError) as caught:
        read(path)
    return str(caught.value)


def test_a_good_one_is_read_with_its_paths_in_full(tmp_path: Path) -> None:
    (tmp_path / "adaudit.toml").write_text(GOOD, "utf-8")
    found = read(tmp_path / "adaudit.toml")
    assert found.store == tmp_path / "memory" and found.out == tmp_path / "outputs"
    rhythm = found.rhythm_of(found.pull[0])
    assert (rhythm.always, rhythm.last_month) == (timedelta(hours=12), timedelta(hours=6))
    assert found.pull[0].scope.as_written() == {"countries": ["NL"], "pages": ["1", "2"]}


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('store = "memory"', 'stroe = "memory"', 1, "stroe is not known; allowed here: store, out, language"),
        ('countries = ["NL"]\n\n', 'countries = ["XX"]\n\n', 2, "no such Member State; there are: AT, BE"),
        ('countries = ["NL"]\n\n', "\n\n", 1, "three_months and last_month need countries"),
        ('every = "1d"', 'every = "daily"', 5, 'expected a time such as "30m", "6h", "1d" or "1w"; found \'daily\''),
        ('last_month = "6h"', 'last_month = "1m"', 6, 'from "5m" to "366d"'),
        ('source = "meta"', 'source = "mata"', 9, "no such source; there are: european_repository, google"),
        ('every = "12h"', 'evry = "12h"', 15, "pull.1.evry is not known; allowed here: what, countries"),
        ('pages = [\n  "1", # first\n  "2",\n]', "", 8, "meta needs pages or terms"),
        ('rule = "notice_payer"', 'rule = "notice_player"', 19, "no such rule"),
        ("at_least = 3", "at_least = 0", 20, "greater than or equal to 1"),
        ("at_least = 3", "", 17, "an alert needs a line to cross: at_least, share, rise or fall"),
        ('name = "payers"\n', "", 17, "alert.1.name is not there and has to be"),
        ("at_least = 3", '[[notify]]\nkind = "webhook"', 20, "webhook needs variable, and no path"),
        ("at_least = 3", '[[notify]]\nkind = "pigeon"', 21, "'webhook', 'apprise' or 'file'"),
        ("at_least = 3", '[audit]\ncharts = ["pie"]', 21, "no such chart; there are: all, attribution"),
        ("at_least = 3", '[audit]\ncountry = "XY"', 21, "no such country"),
        (
            "at_least = 3",
            'at_least = 3\n[audit]\norganisations = "gone.csv"',
            22,
            "audit.organisations: there is no file",
        ),
        ("at_least = 3", "[rhythm]", 20, "is no TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    assert old in GOOD
    message = refused(tmp_path, GOOD.replace(old, new))
    assert said in message
    assert f"line {line}" in message


def test_every_error_is_told_at_once(tmp_path: Path) -> None:
    message = refused(tmp_path, GOOD.replace('"1d"', '"1x"').replace("notice_payer", "nothing"))
    assert [line.partition(":")[0] for line in message.splitlines()] == [
        "adaudit.toml, line 5",
        "adaudit.toml, line 19",
    ]


@pytest.mark.parametrize(
    "text",
    [
        '[[notify]]\nkind = "webhook"\nvariable = "https://hooks.example/S3CRET"\n',
        '[[notify]]\nkind = "webhook"\nurl = "https://hooks.example/S3CRET"\n',
        'token = "S3CRET"\n',
    ],
)
def test_a_secret_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    message = refused(tmp_path, text)
    assert "S3CRET" not in message
    assert "secrets stand in the environment" in message


def test_the_same_twice_is_refused(tmp_path: Path) -> None:
    assert "two alert of the name x" in refused(tmp_path, '[[alert]]\nname="x"\nrise=1\n' * 2)
    scope = '[[pull]]\nsource="meta"\ncountries=["NL"]\nterms=["a"]\n'
    assert "of the same scope" in refused(tmp_path, scope * 2)


def test_a_file_that_is_not_there_names_the_command_that_writes_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="adaudit init"):
        read(tmp_path / "adaudit.toml")


def test_places_see_through_strings_arrays_and_dotted_keys() -> None:
    text = (
        'a.b = 1\nt = """\n[x]\ny = 1\n"""\n[x] # not [y]\n"z" = [\n 1,\n]\n[[l]]\nq = 1\n[l.m]\nr = 2\n[[l]]\nq = 3\n'
    )
    found = places(text)
    assert found == {
        ("a", "b"): 1,
        ("t",): 2,
        ("x",): 6,
        ("x", "z"): 7,
        ("l", 0): 10,
        ("l", 0, "q"): 11,
        ("l", 0, "m"): 12,
        ("l", 0, "m", "r"): 13,
        ("l", 1): 14,
        ("l", 1, "q"): 15,
    }
    assert place_of(("l", 1, "q", 4), found) == 15
    assert place_of(("nowhere",), found) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", ["NL", "DE", "MT"])
def test_what_init_writes_is_read_without_a_change(
    tmp_path: Path, language: Language, country: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADAUDIT_CREDENTIALS", str(tmp_path / "none.toml"))
    vote = next_vote(country, date(2026, 11, 24))
    (tmp_path / "adaudit.toml").write_text(template(country, vote, "adaudit.toml", language), "utf-8")
    found = read(tmp_path / "adaudit.toml")
    assert (found.countries, found.language) == ((country,), language)
    assert not any(one.source.endswith("_nl") for one in found.pull) or country == "NL"


def test_init_names_the_vote_and_its_windows() -> None:
    vote = next_vote("NL", date(2026, 11, 24))
    assert vote is not None and vote.id == "NL-2027-03-17-regional"
    text = template("NL", vote, "adaudit.toml", "nl")
    assert "17 december 2026" in text and "17 februari 2027" in text
    with pytest.raises(UsageError, match="NL-2025-10-29-parliament"):
        next_vote("NL", date(2026, 11, 24), "NL-1999")
