"""The chart of a rule over the runs: every run a dot, no share without its denominator, in both languages."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adaudit.batch.record import Counted, Run, Runs
from adaudit.batch.trend import draw_trend
from adaudit.language import LANGUAGES, Language
from adaudit.model.vocabulary import VERDICTS

BEGAN = datetime(2026, 11, 1, 4, 17, tzinfo=UTC)


def counted(source: str, **verdicts: int) -> Counted:
    every = dict.fromkeys(VERDICTS, 0) | verdicts
    names = {"form": "form", "kind": "ad", "rule": "notice_payer"}
    return Counted(source=source, records=sum(every.values()), verdicts=every, **names)


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    """Four runs, of which one counted nothing; before the last the configuration changed."""
    found = Runs(tmp_path / "store")
    missing = [5, None, 2, 0]
    for number, count in enumerate(missing, start=1):
        counts = [] if count is None else [counted("meta", missing=count, ok=5, unknown=90), counted("x", unknown=9)]
        run = Run(
            id=f"run{number}",
            number=number,
            adaudit="1",
            configuration="b" if number == 4 else "a",
            began=BEGAN + timedelta(days=number),
            counts=counts,
        )
        found.save(run)
    return found


def test_points_have_their_denominator_and_say_what_else_changed(runs: Runs) -> None:
    points = runs.trend("notice_payer", "meta", ("missing",))
    assert [(one.run, one.count, one.of, one.changed) for one in points] == [
        (1, 5, 10, False),
        (3, 2, 7, False),
        (4, 0, 5, True),
    ]
    assert [one.of for one in runs.trend("notice_payer", "meta", ("unknown",))] == [100, 97, 95]
    assert {one.source for one in runs.trend("notice_payer", None, ("missing",))} == {"meta", "x"}
    assert runs.trend("notice_sponsor_name", None, ("missing",)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_drawn_with_its_figures_in_words(runs: Runs, tmp_path: Path, language: Language) -> None:
    points = runs.trend("notice_payer", None, ("missing",))
    png, svg = draw_trend(points, ("missing",), tmp_path / "charts", language)
    assert png.stat().st_size > 10_000
    said = svg.read_text("utf-8")
    figures = {
        "en": "first 5 of 10 (50 %), last 0 of 5 (0 %); lowest 0 of 5 (0 %), highest 5 of 10 (50 %)",
        "nl": "eerst 5 van 10 (50%), laatst 0 van 5 (0%); laagst 0 van 5 (0%), hoogst 5 van 10 (50%)",
    }
    assert figures[language] in said
    before = png.read_bytes()
    assert draw_trend(points, ("missing",), tmp_path / "charts", language)[0].read_bytes() == before


def test_many_sources_need_more_pages_and_none_is_nothing_to_draw(runs: Runs, tmp_path: Path) -> None:
    [first] = runs.trend("notice_payer", "meta", ("missing",))[:1]
    many = [first.model_copy(update={"source": f"s{number}"}) for number in range(13)]
    assert len(draw_trend(many, ("missing",), tmp_path, "en")) == 6
    with pytest.raises(ValueError, match="at least one point"):
        draw_trend([], ("missing",), tmp_path, "en")
