"""Rules that speak of a source as a whole: whether it answers, shows all that it counts, and keeps what it showed.

The function of a rule is one polars expression over the columns of what was looked at (`ASKED` or `WENT`), which names
the reason; the verdict of each reason, its words and what would settle it stand in `repository.toml`. These rules judge
no record, and no record's verdict rests on them.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, get_args

import polars as pl

from adaudit.errors import Because
from adaudit.language import Wording
from adaudit.law import member_states, requirements, retentions
from adaudit.rules.rule import RULES, Expression, Rule

KIND: Final = "source"
"""What the rules speak of, as other rules speak of ads or notices."""
FAMILY: Final = "repository"
ASKED: Final = {
    "duty": pl.Boolean(),
    "by_hand": pl.Boolean(),
    "stopped": pl.String(),
    "credential": pl.Boolean(),
    "records": pl.Int64(),
    "unread": pl.Int64(),
    "told": pl.Int64(),
    "not_shown": pl.Int64(),
    "not_asked": pl.Int64(),
    "lost": pl.String(),
}
"""One pull, or one file that somebody saved (`by_hand`). Whether a duty of `MADE_AVAILABLE` is the source's; what
stopped the asking (a word of `Because`, or `ERROR_ANSWER`; empty where nothing did), and whether a credential was sent;
records read, and files or rows that could not be; records that the source says there are, null where it does not say;
parts that the source says it has or failed to give, and others that did not come; what a pull that came to its end
lacks (a word of `Lost`)."""
WENT: Final = {
    "countries": pl.List(pl.String()),
    "shown": pl.Boolean(),
    "established": pl.Boolean(),
    "political_only": pl.Boolean(),
    "political_basis": pl.String(),
    "last_shown": pl.Date(),
    "keep_until": pl.Date(),
    "not_listed": pl.Date(),
    "ended": pl.Boolean(),
    "steady": pl.Boolean(),
}
"""One record that a source listed and then did not. Where it was shown; whether the duty is to show it and not only to
keep it, whether what it must stay in is established, whether the duty speaks of political ads alone; the last day on
which it is known to have run, until when it must stay, and the day of the listing without it; whether that last day is
its end; whether no edit takes a record out of the scope."""
ERROR_ANSWER: Final = "error_answer"
"""What stopped a file: it holds the source's own error answer."""
STOPS: Final = (*get_args(Because), ERROR_ANSWER)
OURS: Final = ("credential", "stopped_here")
"""What stops a pull for a reason that lies with whoever asks: what was asked before it was answered all the same."""


@dataclass(frozen=True)
class Reason:
    """What a rule says of a source, in words, and what would settle it."""

    id: str
    verdict: str
    words: Wording
    settle: Wording | None
    """None where nothing is open."""
    usual: bool = False
    """Whether it is so of nearly every source, and calls for nobody's look."""


@dataclass(frozen=True)
class RepositoryRule:
    """A rule on a source as a whole; `requirements` are what it rests on, by the duty of the form."""

    id: str
    version: int
    sentence: str
    expression: Expression
    requirements: Mapping[str, str]
    over: Mapping[str, pl.DataType]
    """The columns that the expression may read."""
    reasons: tuple[str, ...]
    """Every reason that the expression can give."""
    of_listings: tuple[str, ...] = ()
    """Reasons that speak of listings, where there is nothing for the expression to look at."""

    family = FAMILY
    kinds = (KIND,)
    removed = None

    @property
    def requirement(self) -> str:
        """The first requirement that it rests on."""
        return next(iter(self.requirements.values()))

    @property
    def severity(self) -> str:
        """What the law makes of the first requirement: mandatory or conditional."""
        return severity_of(self.requirement)

    @property
    def raised_severity(self) -> str:
        """The severity in the last month before a vote: the same, for a source as a whole is of no vote."""
        return self.severity

    def pinpoint(self, _kind: str = KIND) -> str:
        """The article of the first requirement."""
        return requirements()[self.requirement].pinpoint

    def judge(self, seen: pl.LazyFrame) -> pl.LazyFrame:
        """What was looked at, with the rule's `reason` and `verdict` of each row."""
        verdicts = {name: reasons()[name].verdict for name in self.reasons}
        return seen.with_columns(self.expression().alias("reason")).with_columns(
            pl.col("reason").replace_strict(verdicts, return_dtype=pl.String).alias("verdict")
        )


REPOSITORY: Final[dict[str, RepositoryRule]] = {}


def every() -> dict[str, Rule | RepositoryRule]:
    """Every rule by id: those on records, then those on a source as a whole."""
    return {**RULES, **REPOSITORY}


@cache
def reasons() -> dict[str, Reason]:
    """Every reason by id."""
    data = tomllib.loads(resources.files("adaudit.rules").joinpath("repository.toml").read_text("utf-8"))
    return {
        name: Reason(
            name,
            one["verdict"],
            Wording(one["en"], one["nl"]),
            Wording.read(one["settle"]) if "settle" in one else None,
            one.get("usual", False),
        )
        for name, one in data.items()
    }


def repository(
    rests_on: Mapping[str, str],
    over: Mapping[str, pl.DataType],
    *reasons: str,
    of_listings: tuple[str, ...] = (),
    version: int = 1,
) -> Callable[[Expression], RepositoryRule]:
    """A rule on a source as a whole, which rests on a requirement for each duty; null in it counts as not true."""

    def register(function: Expression) -> RepositoryRule:
        sentence = " ".join((function.__doc__ or "").split())
        made = RepositoryRule(function.__name__, version, sentence, function, rests_on, over, reasons, of_listings)
        REPOSITORY[made.id] = made
        return made

    return register


def _first(*cases: tuple[pl.Expr, str], otherwise: str) -> pl.Expr:
    """The reason of the first case that is true."""
    found: pl.Expr = pl.lit(otherwise)
    for true, reason in reversed(cases):
        found = pl.when(true).then(pl.lit(reason)).otherwise(found)
    return found


MADE_AVAILABLE: Final = {
    "DSA 39": "dsa_repository_search_api",
    "DSA 39(2)(f)": "dsa_repository_search_api",
    "TTPA 13(2)": "vlop_repository_art12_info",
}
"""What asks that a source can be asked; of several duties the first counts. Art 39 DSA speaks of every ad, Art 13(2) of
political ads in a repository as Art 39 DSA has it: it alone counts for an archive of political ads."""
KEPT: Final = {duty: one.requirement for duty, one in retentions().items()}
"""What asks that what was shown stays."""


@repository(
    MADE_AVAILABLE,
    ASKED,
    *("no_duty", "answered", "answered_until_stopped", "refused_with_credential", *STOPS, "nothing_read", "no_rows"),
)
def repository_answers() -> pl.Expr:
    """The source answers what it is asked in the way that it documents."""
    stopped, came = pl.col("stopped"), pl.col("records") > 0
    return _first(
        (~pl.col("duty"), "no_duty"),
        (stopped.is_in(OURS) & came, "answered_until_stopped"),
        ((stopped == "refused") & pl.col("credential"), "refused_with_credential"),
        *((stopped == one, one) for one in STOPS),
        (came, "answered"),
        (pl.col("unread") > 0, "nothing_read"),
        otherwise="no_rows",
    )


@repository(
    MADE_AVAILABLE,
    ASKED,
    *("all_that_it_counts", "no_count_told", "saved_by_hand", "known_not_shown", "below_floor", "parts_not_shown"),
    *("fewer_than_counted", "stopped_before_end", "parts_not_asked", "not_all_read", "no_rows", "no_duty"),
)
def repository_complete() -> pl.Expr:
    """The source shows all that it says there is of what it is asked."""
    lost = pl.col("lost")
    return _first(
        (~pl.col("duty"), "no_duty"),
        (pl.col("by_hand"), "saved_by_hand"),
        (lost == "known", "known_not_shown"),
        (lost == "floor", "below_floor"),
        (pl.col("not_shown") > 0, "parts_not_shown"),
        (pl.col("stopped") != "", "stopped_before_end"),
        (pl.col("not_asked") > 0, "parts_not_asked"),
        (pl.col("unread") > 0, "not_all_read"),
        (pl.col("told") > pl.col("records"), "fewer_than_counted"),
        (pl.col("records") == 0, "no_rows"),
        (pl.col("told").is_null(), "no_count_told"),
        otherwise="all_that_it_counts",
    )


@repository(
    KEPT,
    WENT,
    *("kept_long_enough", "gone_too_soon", "gone_from_scope_too_soon", "outside_union", "kept_not_shown"),
    *("repository_not_established", "not_shown_political", "no_dates", "last_day_unknown"),
    of_listings=("all_still_listed", "not_compared"),
)
def repository_keeps() -> pl.Expr:
    """What the source showed stays there for as long as the law says."""
    inside = pl.col("countries").list.eval(pl.element().is_in(sorted(member_states()))).list.any()
    too_soon = pl.col("not_listed") < pl.col("keep_until")
    return _first(
        (~inside & (pl.col("countries").list.len() > 0), "outside_union"),
        (~pl.col("shown"), "kept_not_shown"),
        (~pl.col("established"), "repository_not_established"),
        (pl.col("political_only") & pl.col("political_basis").is_null(), "not_shown_political"),
        (pl.col("last_shown").is_null(), "no_dates"),
        (too_soon & pl.col("steady"), "gone_too_soon"),
        (too_soon, "gone_from_scope_too_soon"),
        (pl.col("ended"), "kept_long_enough"),
        otherwise="last_day_unknown",
    )


def severity_of(requirement: str) -> str:
    """What the law makes of a requirement: mandatory or conditional."""
    return "mandatory" if requirements()[requirement].mandatory else "conditional"
