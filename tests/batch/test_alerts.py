"""An alert fires once when its line is crossed, and is over once; its figures are those of the results."""

import json
from collections.abc import Callable
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from adaudit.batch.alerts import crossed, figures, judged
from adaudit.batch.configuration import Alert
from adaudit.batch.record import Figure, Run
from adaudit.model.vocabulary import codes_of
from tests.batch.conftest import FILE, META, WATCH, Bench, ads, step
from tests.platforms.faults import Fault

NAMED = '[[alert]]\nname = "no sponsor"\nrule = "notice_sponsor_name"\nverdicts = ["missing"]\n'


NAMES = ("9", "Lijst Duin")
"""An ad that names its sponsor: where none in a file does, nothing shows that the field was asked for."""


def test_it_fires_once_stands_and_is_over_once(bench: Bench) -> None:
    bench.configure(WATCH, FILE, NAMED + "at_least = 2\n")
    bench.lay("1.json", ads(("1", ""), ("3", "Lijst Duin")))
    first = bench.done()
    assert (first.figures["no sponsor"].count, first.figures["no sponsor"].of) == (1, 2)
    assert first.fired == [] and first.exit_code == 0
    bench.lay("2.json", ads(("2", ""), ("3", "Lijst Duin")))
    second = bench.done()
    assert second.fired == ["alert/no sponsor"] and second.exit_code == 1
    assert list(bench.outbox.standing) == ["alert/no sponsor"]
    third = bench.done()
    assert third.fired == third.cleared == [] and third.exit_code == 0
    bench.lay("4.json", ads(("2", "Lijst Duin"), ("1", "Lijst Duin")))
    fourth = bench.done()
    assert fourth.cleared == ["alert/no sponsor"] and bench.outbox.standing == {}
    assert [(one["number"], one["fired"]) for one in bench.told] == [(2, True), (4, False)]
    assert bench.told[0]["en"] == "no sponsor (Sponsor: name): 2 of 3 (67 %) checks: the line is 2 or more."
    assert "2 van de 3 controles (67%): de grens ligt bij 2 of meer." in str(bench.told[0]["nl"])
    assert "is over: 0 of 3 (0 %) checks." in str(bench.told[1]["en"])


def test_a_change_is_against_the_run_before(bench: Bench) -> None:
    bench.configure(WATCH, NAMED + "rise = 2\nfall = 2\n")
    found: list[Run] = []
    for number, pages in enumerate(
        [[("1", ""), NAMES], [("1", ""), ("2", ""), ("3", ""), NAMES], [], [(n, "Lijst Duin") for n in "123"]]
    ):
        if pages:
            bench.lay(f"{number}.json", ads(*pages))
        found.append(bench.done())
    assert [one.figures["no sponsor"].count for one in found] == [1, 3, 3, 0]
    assert [bool(one.fired) for one in found] == [False, True, False, True]
    assert [bool(one.cleared) for one in found] == [False, False, True, False]


def test_an_alert_that_is_withdrawn_is_over(bench: Bench) -> None:
    bench.configure(WATCH, FILE, NAMED + "at_least = 1\n")
    bench.lay("1.json", ads(("1", ""), NAMES))
    bench.done()
    bench.configure(WATCH, FILE)
    assert bench.done().cleared == ["alert/no sponsor"]
    assert bench.told[-1]["en"] == "no sponsor: not asked for any more."


ANSWERS = '[[alert]]\nname = "answers"\nrule = "repository_answers"\nverdicts = ["unknown"]\nat_least = 1\n'


def test_an_alert_on_a_source_as_a_whole_fires_and_is_over(bench: Bench) -> None:
    bench.configure(META, WATCH, FILE, ANSWERS)
    bench.lay("1.json", ads(("1", "Lijst Duin")))
    bench.server.add(Fault("refused"))
    assert bench.run(all_of_it=True) is not None
    assert bench.told[-1]["key"] == "alert/answers" and "1 of 2 (50 %) checks" in str(bench.told[-1]["en"])
    bench.server.clear()
    assert bench.run(all_of_it=True) is not None
    assert bench.outbox.standing == {}


@pytest.mark.parametrize("more", [{"country": "NL"}, {"sponsor": "Lijst Duin"}])
def test_sources_as_a_whole_know_no_country_and_no_sponsor(bench: Bench, more: dict[str, str]) -> None:
    bench.configure(WATCH)
    bench.lay("1.json", ads(("1", "Lijst Duin")))
    results = bench.folder / "outputs" / bench.done().id
    lines = {"name": "x", "verdicts": ["unknown"], "rise": 1}
    with pytest.raises(ValidationError, match="leave country and sponsor out"):
        Alert.model_validate(lines | {"rule": "repository_keeps", **more})
    rows = json.loads((results / "summary.json").read_text("utf-8"))["repository"]
    kept = sum(row["count"] for row in rows if row["rule"] == "repository_keeps")
    assert figures([Alert.model_validate(lines | {"rule": "repository_keeps"})], results)["x"].count == kept > 0
    unknown = sum(row["count"] for row in rows if row["verdict"] == "unknown")
    every, some = (figures([Alert.model_validate(lines | one)], results)["x"].count for one in ({}, {"source": "meta"}))
    assert every == some > unknown
    assert figures([Alert.model_validate(lines | {"source": "x"})], results)["x"].count == 0


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({}, lambda _: pl.lit(value=True)),
        ({"source": "snapchat"}, lambda c: c("source") == "snapchat"),
        ({"country": "NL"}, lambda c: c("countries").list.contains("NL")),
        ({"country": "FR"}, lambda c: c("countries").list.contains("FR")),
        (
            {"sponsor": " partij voor HET getij "},
            lambda c: c("sponsor_name").str.to_lowercase().eq("partij voor het getij"),
        ),
    ],
)
def test_figures_are_those_of_the_results(
    bench: Bench, more: dict[str, str], where: Callable[[Callable[[str], pl.Expr]], pl.Expr]
) -> None:
    from adaudit.sample import write_sample

    bench.configure(WATCH.replace('"inbox"', '"sample"\nsettle = "1m"'))
    write_sample(bench.folder / "sample", scale=0.1)
    bench.ahead = timedelta(hours=1)
    results = bench.folder / "outputs" / bench.done().id
    alert = Alert.model_validate(
        {"name": "x", "rule": "notice_sponsor_name", "verdicts": ["missing", "invalid"], "rise": 1, **more}
    )
    records = pl.read_parquet(results / "records.parquet")
    verdicts = pl.read_parquet(results / "verdicts.parquet").select(
        "notice_sponsor_name", pl.col("binding_ttpa").alias("bound")
    )
    joined = pl.concat([records, verdicts], how="horizontal").filter(where(pl.col), pl.col("bound") != 1)
    codes = {one: codes_of(one) for one in ("ok", "partial", "missing", "invalid", "not_exposed", "suspect")}
    expected = {
        "count": joined.filter(pl.col("notice_sponsor_name").is_in(codes["missing"] + codes["invalid"])).height,
        "of": joined.filter(pl.col("notice_sponsor_name").is_in([c for one in codes.values() for c in one])).height,
    }
    assert figures([alert], results)["x"].model_dump() == expected
    assert more.get("country") == "FR" or expected["of"]


COUNTS = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)).map(lambda pair: Figure(count=min(pair), of=max(pair)))


@given(COUNTS, COUNTS, st.integers(1, 10**6), st.floats(0.001, 1), st.integers(1, 10**6))
def test_lines_are_crossed_as_their_arithmetic_says(
    now: Figure, before: Figure, line: int, share: float, least: int
) -> None:
    def alert(**lines: object) -> Alert:
        return Alert.model_validate({"name": "x", **lines})

    assert bool(crossed(alert(at_least=line), now, None)) == (now.count >= line)
    expected = now.of >= least and now.count / now.of >= share
    found = bool(crossed(alert(share=share, of_at_least=least), now, None))
    assert found == expected or abs(now.count - share * now.of) < 1e-6
    assert bool(crossed(alert(rise=line), now, before)) == (now.count - before.count >= line)
    assert bool(crossed(alert(fall=line), now, before)) == (before.count - now.count >= line)
    assert crossed(alert(rise=line, fall=line), now, None) == []


@given(st.lists(st.booleans(), max_size=30))
def test_messages_alternate_whatever_happens(over: list[bool]) -> None:
    alert = Alert.model_validate({"name": "x", "at_least": 1})
    standing: dict[str, str] = {}
    told: list[bool] = []
    for above in over:
        for one in judged([alert], {"x": Figure(count=int(above), of=1)}, {}, standing):
            told.append(one.fired)
            standing = {one.key: ""} if one.fired else {}
    assert told == [number % 2 == 0 for number in range(len(told))]
    assert bool(standing) == (bool(over) and over[-1])


def test_a_change_says_where_something_else_changed_too() -> None:
    alert = Alert.model_validate({"name": "x", "rise": 1})
    [said] = crossed(alert, Figure(count=3, of=5), Figure(count=1, of=5), changed=True)
    assert said.endswith(
        "2 more than the 1 of the run before; the line is 1 more (adaudit or the configuration changed since then)"
    )


def test_a_share_of_too_few_says_nothing() -> None:
    alert = Alert.model_validate({"name": "x", "share": 0.5})
    assert crossed(alert, Figure(count=19, of=19), None) == []
    assert crossed(alert, Figure(count=10, of=20), None) != []


def test_the_line_of_a_share_is_told_as_it_was_set() -> None:
    for share, en, nl in ((0.005, "0.5 %", "0,5%"), (0.125, "12.5 %", "12,5%"), (0.1, "10 %", "10%")):
        [line] = crossed(Alert(name="a", verdicts=("missing",), share=share), Figure(count=50, of=100), None)
        assert en in line and nl in line.nl


def test_credentials_that_expire_soon_are_told_once_and_once_that_they_do_not(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = (bench.now() + timedelta(days=20)).date()
    monkeypatch.setenv("ADAUDIT_META_EXPIRES", day.isoformat())
    bench.configure('metrics = "adaudit.prom"', META, FILE)
    far = bench.done()
    assert step(far, "pull").expires == day and step(far, "pull").issues == [] and far.fired == []
    assert 'adaudit_credentials_expire_timestamp_seconds{source="meta"}' in (bench.folder / "adaudit.prom").read_text()
    bench.ahead = timedelta(days=10)
    near = bench.done()
    assert "in 10 days, as noted: get a new token" in step(near, "pull").issues[0]
    assert step(near, "pull").standing == "done" and near.fired == ["expiring/meta"]
    assert "verlopen op" in str(bench.told[0]["nl"])
    assert bench.done().fired == [] and len(bench.told) == 1, "not due, still near, and told already"
    monkeypatch.setenv("ADAUDIT_META_EXPIRES", (day + timedelta(days=60)).isoformat())
    assert bench.done().cleared == ["expiring/meta"]
    monkeypatch.setenv("ADAUDIT_META_EXPIRES", "next spring")
    bench.ahead = timedelta(days=12)
    odd = step(bench.done(), "pull")
    assert odd.standing == "done" and "expected a day written as YYYY-MM-DD" in odd.issues[0]
