"""The rules on a source as a whole: what pulls and files show of whether it answers and shows all that it counts.

Each row tells of how many pulls or files of how many it speaks, and names them with the hash of what came, so that
whoever reads it can look at the bytes. Nothing here convicts: what was seen is told, and what would settle the rest.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

from adaudit.connectors import sources
from adaudit.language import Language, Value, Wording, share_of, texts_of
from adaudit.law import instruments, requirements, since
from adaudit.law.citation import cited
from adaudit.model.vocabulary import VERDICTS
from adaudit.rules import REPOSITORY, RepositoryRule, texts
from adaudit.rules.repository import ASKED, ERROR_ANSWER, MADE_AVAILABLE, reasons, severity_of
from adaudit.store import Pull

if TYPE_CHECKING:
    from adaudit.audit.intake import InputReport

SAY: Final = texts_of("adaudit.audit")
OF_VERDICTS: Final = texts_of("adaudit.model")
OF_RULES: Final = texts_of("adaudit.rules", "words.toml")
OF_ANSWERS: Final = ("repository_answers", "repository_complete")
"""The rules that look at pulls and files."""
ANSWERS: Final = {"read": "", "no rows": "", "RefusalInput": ERROR_ANSWER}
"""Outcomes of inputs that are an answer of a source, and what stopped each; other inputs tell nothing of a source."""
MOST_PARTS: Final = 20
"""Parts that did not come which are named of a pull; how many there are is told of all."""
Unit = Literal["file", "pull", "record"]
Row = dict[str, object]


@dataclass(frozen=True)
class Looked:
    """One pull, or one file that somebody saved."""

    unit: Unit
    source: str | None
    form: str | None
    seen: date | None
    """The day on which it was seen; None where that is not known."""
    told: Mapping[str, object]
    """What leads back to it, as it is written."""
    asked: Mapping[str, object] = field(default_factory=dict)
    """The columns of `ASKED`, but for `duty`."""
    what: str = ""
    """What of the source a pull asked for, where it has several things."""

    @property
    def duty(self) -> str | None:
        """The duty that counts, in the order of the rules; None where none asks that the source can be asked."""
        if self.source not in sources():
            return None
        described = sources()[self.source]
        had = described.form[self.form].duties if self.form in described.form else described.duties_of(self.what)
        return next((duty for duty in MADE_AVAILABLE if duty in had), None)


def of_files(reports: Iterable["InputReport"], source: str | None = None, pull: Pull | None = None) -> list[Looked]:
    """The files that are answers of a source; those imported by `pull` were seen when it says.

    A file whose form no duty of a repository speaks of is no answer of a repository, and is left out.
    """
    found = []
    for report in reports:
        if report.outcome not in ANSWERS:
            continue
        known = report.source or source
        said = Wording.read(report.problem or "").written()
        told: dict[str, object] = {"path": report.path, "sha256": report.sha256, "outcome": report.outcome}
        told |= {"said": said} if report.problem else {}
        seen = pull.observed_at or pull.began if pull else None
        told |= {"pull": pull.id, "observed_at": seen.isoformat()} if pull and seen else {}
        asked = {
            "by_hand": True,
            "stopped": ANSWERS[report.outcome],
            "records": report.records,
            "unread": len(report.rejected),
        }
        one = Looked("file", known, report.form, seen.date() if seen else None, _filled(told), asked)
        if known is None or one.duty is not None:
            found.append(one)
    return found


def of_pull(pull: Pull, reports: Iterable["InputReport"]) -> Looked:
    """A pull, by how it ended and what could be read of it."""
    unread = sum(bool(one.problem) + len(one.rejected) for one in reports)
    by_source = sum(one.by == "source" for one in pull.missing)
    asked = {
        "by_hand": False,
        "stopped": "" if pull.walked else pull.because or "not_said",
        "credential": pull.credential,
        "records": pull.records or 0,
        "unread": unread,
        "told": pull.told,
        "not_shown": by_source,
        "not_asked": len(pull.missing) - by_source,
        "lost": pull.lost,
    }
    seen = pull.observed_at or pull.began
    told = {
        "pull": pull.id,
        "observed_at": seen.isoformat(),
        "outcome": pull.outcome or "unfinished",
        "page": 0 if pull.walked or not pull.because else pull.answers + 1,
        "status": pull.status,
        "sha256": pull.refusal,
        "said": Wording.read(pull.why).written() if pull.why else "",
        "records": pull.records,
        "told": pull.told,
        "missing": [f"{one.what}: {one.why}" for one in pull.missing[:MOST_PARTS]],
        "missing_parts": len(pull.missing),
        "left": pull.left[:MOST_PARTS],
        "left_parts": len(pull.left),
    }
    what = str(pull.scope.get("what", ""))
    return Looked("pull", pull.source or None, None, seen.date(), _filled(told), asked, what)


def _filled(told: Mapping[str, object]) -> dict[str, object]:
    """What is told without what is empty."""
    return {name: value for name, value in told.items() if value not in (None, "", 0, [])}


def judged(looked: Sequence[Looked]) -> list[Row]:
    """What the rules say of each source, in rows as `summary.json` has them: one a rule, form, reason and binding."""
    if not looked:
        return []
    duties = [one.duty for one in looked]
    defaults = {"credential": False, "told": None, "not_shown": 0, "not_asked": 0, "lost": ""}
    asked = [
        {**defaults, **one.asked, "duty": duty is not None or one.source is None}
        for one, duty in zip(looked, duties, strict=True)
    ]
    frame = pl.LazyFrame(asked, schema=dict(ASKED))
    rows: list[Row] = []
    for name in OF_ANSWERS:
        rule = REPOSITORY[name]
        rows += _rows(rule, looked, duties, rule.judge(frame).collect()["reason"].to_list())
    return sorted(rows, key=_place)


def of_inputs(reports: Iterable["InputReport"], source: str | None = None) -> list[Row]:
    """What the rules say of the files of an audit. That something went from a source, files alone never tell."""
    looked = of_files(reports, source)
    return sorted([*judged(looked), *_not_compared(looked)], key=_place)


def _not_compared(looked: Sequence[Looked]) -> Iterator[Row]:
    rule = REPOSITORY["repository_keeps"]
    forms = Counter((one.source, one.form) for one in looked if one.source and one.form and one.asked["records"])
    for (source, form), count in forms.items():
        described = sources()[str(source)].form[str(form)]
        row: Row = {"source": source, "form": form, "kind": described.kind}
        for duty in (one for one in described.duties if one in rule.requirements):
            told = judgement(rule, rule.requirements[duty], "not_compared", "unknown")
            counted: Row = {"unit": "file", "count": count, "of": count, "seen": []}
            yield row | told | counted | _in_words(row | told | counted)


def _place(row: Row) -> tuple[str, ...]:
    gravest = f"{VERDICTS.index(str(row['verdict'])):02}"
    names = (str(row[name] or "") for name in ("source", "form", "rule"))
    return (*names, gravest, str(row["reason"]), str(row["binding"]))


def _rows(
    rule: RepositoryRule, looked: Sequence[Looked], duties: Sequence[str | None], found: Sequence[str]
) -> list[Row]:
    groups: dict[tuple[Unit, str | None, str | None, str | None, str, str], list[Looked]] = {}
    of: dict[tuple[Unit, str | None, str | None], int] = {}
    for one, duty, reason in zip(looked, duties, found, strict=True):
        requirement = rule.requirements[duty] if duty else None
        binding = binding_on(requirement, one.source, one.seen)
        groups.setdefault((one.unit, one.source, one.form, requirement, reason, binding), []).append(one)
        of[one.unit, one.source, one.form] = of.get((one.unit, one.source, one.form), 0) + 1
    rows = []
    for (unit, source, form, requirement, reason, binding), those in groups.items():
        kind = sources()[source].form[form].kind if source and form else None
        row: Row = {"source": source, "form": form, "kind": kind}
        row |= judgement(rule, requirement, reason, binding)
        row |= {"unit": unit, "count": len(those), "of": of[unit, source, form], "seen": _named(those, row["verdict"])}
        rows.append(row | _in_words(row))
    return rows


def judgement(rule: RepositoryRule, requirement: str | None, reason: str, binding: str) -> Row:
    """The columns that every row on a source has: the rule, what it rests on, and what it says."""
    return {
        "rule": rule.id,
        "rule_version": rule.version,
        "requirement": requirement,
        "pinpoint": requirements()[requirement].pinpoint if requirement else None,
        "severity": severity_of(requirement) if requirement else "to_check",
        "verdict": reasons()[reason].verdict,
        "reason": reason,
        "binding": binding,
    }


def _named(those: Sequence[Looked], verdict: object) -> list[Mapping[str, object]]:
    """What leads back to each; of those that are in order, the last alone."""
    return [one.told for one in (those[-1:] if verdict == "ok" else those)]


def binding_on(requirement: str | None, source: str | None, day: date | None) -> str:
    """Whether the act of the requirement bound the publisher of the source on that day."""
    bound = since(instruments()[requirements()[requirement].instrument].binding, source or "") if requirement else None
    if bound is None or day is None:
        return "unknown"
    return "yes" if day >= bound.applies else "before" if day < bound.not_before else "unknown"


def _in_words(row: Row) -> Row:
    """The row in a sentence, and what would settle it, in both languages."""
    source, form, count, of = row["source"], row["form"], row["count"], row["of"]
    things = SAY.of(f"whole_{row['unit']}", int(str(of)))
    requirement = row["requirement"]

    def shared(language: Language) -> str:
        return share_of(int(str(count)), int(str(of)), things, language)

    def article(language: Language) -> str:
        return f", {cited(str(row['pinpoint']), language)}" if requirement else ""

    said: dict[str, Value] = {
        "rule": titled(str(row["rule"])),
        "article": article,
        "where": place_of(None if source is None else str(source), None if form is None else str(form)),
        "share": shared,
        "id": str(row["rule"]),
        "verdict": verdict_in_words(str(row["verdict"])),
        "reason": reasons()[str(row["reason"])].words,
        "when": when(str(row["binding"])) if requirement and row["unit"] == "pull" else "",
    }
    settle = reasons()[str(row["reason"])].settle
    return {"words": SAY.both("whole", **said).written(), "settle": settle.written() if settle else None}


def verdict_in_words(verdict: str) -> Wording:
    """A verdict on a source, which discloses nothing by being in order."""
    return OF_RULES.both("in_order") if verdict == "ok" else OF_VERDICTS.both(f"verdict_{verdict}")


def titled(rule: str) -> Wording:
    """The title of a rule."""
    title = texts()[rule]["title"]
    return Wording(title["en"], title["nl"])


def place_of(source: str | None, form: str | None) -> Wording:
    """A source, with its form where one is meant, by their titles."""
    if source not in sources():
        return SAY.both("whole_no_source")
    title = Wording.read(sources()[source].title)
    if form is None:
        return title
    return SAY.both("whole_form", source=title, form=Wording.read(sources()[source].form[form].title))


def when(binding: str) -> Wording:
    """What is to be said in brackets of when a rule applied; nothing where it did."""
    return Wording("") if binding == "yes" else SAY.both(f"whole_{binding}")


def count_of(rows: Iterable[Mapping[str, object]], verdicts: Container[str]) -> int:
    """How many pulls, files and records have one of the verdicts, those from before application left out."""
    return sum(int(str(row["count"])) for row in rows if row["verdict"] in verdicts and row["binding"] != "before")


def without_words(rows: Iterable[Row]) -> list[Row]:
    """The rows without what was asked of a source and what it answered, either of which may name persons."""
    private = {"said", "missing", "left"}

    def bare(seen: object) -> list[dict[str, object]]:
        assert isinstance(seen, list)  # noqa: S101 - the shape of our own rows
        return [{name: value for name, value in one.items() if name not in private} for one in seen]

    return [{**row, "seen": bare(row["seen"])} for row in rows]
