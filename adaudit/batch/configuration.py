"""`adaudit.toml`: what is asked, watched, judged and told, and how often. No secret ever stands in it.

Paths are relative to the folder of the file. Every error of the file is told at once, with its line.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from adaudit.audit.options import Options
from adaudit.batch.places import Key, place_of, places
from adaudit.batch.rhythm import Rhythm, duration, interval
from adaudit.charts import CHARTS
from adaudit.collection.stamping import address
from adaudit.connectors import sources
from adaudit.connectors.fetching import Scope, as_keys, checked, fetcher
from adaudit.errors import UsageError
from adaudit.language import DEFAULT, Language
from adaudit.law import member_states_alone
from adaudit.law.votes import Calendar, calendar
from adaudit.model.countries import codes
from adaudit.model.vocabulary import VERDICTS
from adaudit.rules import REPOSITORY, every

Every = Annotated[timedelta, BeforeValidator(interval)]
Time = Annotated[timedelta, BeforeValidator(duration)]
MOST: Final = 150
"""Names that a message lists."""
SECRETS: Final = "secrets stand in the environment, in .env or in credentials.toml, never here"


def _one_of(what: str, known: Any, value: str) -> str:  # noqa: ANN401 - any collection of names
    if value not in known:
        there = ", ".join(sorted(known)) if len(known) <= MOST else "two-letter codes of countries"
        raise ValueError(f"no such {what}; there are: {there}")
    return value


def _country(value: str) -> str:
    return _one_of("Member State", member_states_alone(), value.upper())


def _variable(value: str) -> str:
    if not (value.isidentifier() and value.isupper()):
        raise ValueError(f"expected the NAME of an environment variable that holds the address; {SECRETS}")
    return value


def _authority(value: str) -> str:
    try:
        return address(value)
    except ValueError as error:
        raise ValueError(f"{error}; {SECRETS}") from error


Country = Annotated[str, AfterValidator(_country)]
SourceId = Annotated[str, AfterValidator(lambda value: _one_of("source", sources(), value))]
RuleId = Annotated[str, AfterValidator(lambda value: _one_of("rule", every(), value))]
AnyCountry = Annotated[str, AfterValidator(lambda value: _one_of("country", codes(), value.upper()))]
CountryOrAll = Annotated[str, AfterValidator(lambda value: _one_of("country", {*codes(), "ALL"}, value.upper()))]
Chart = Annotated[str, AfterValidator(lambda value: _one_of("chart", ("all", *CHARTS), value))]
VerdictName = Annotated[str, AfterValidator(lambda value: _one_of("verdict", VERDICTS, value))]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Often(_Strict):
    """A rhythm, as a table or beside other keys; what is not said is as `[rhythm]` says."""

    every: Every | None = None
    three_months: Every | None = None
    """In the three months before a vote of the countries."""
    last_month: Every | None = None
    """In the last month before one."""


class Pulled(Often, Scope):
    """`[[pull]]`: one scope of one source."""

    source: SourceId
    countries: tuple[CountryOrAll, ...] = ()
    canaries: tuple[str, ...] = ()
    max_time: Time | None = None

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        try:
            fetcher(self.source)
            checked(self.scope, sources()[self.source])
        except UsageError as error:
            raise ValueError(as_keys(error)) from error
        return self

    @property
    def scope(self) -> Scope:
        """What is asked for."""
        return Scope.model_validate({name: getattr(self, name) for name in Scope.model_fields})


class Watched(_Strict):
    """`[[watch]]`: a folder in which files are laid that were saved by hand; each is taken once."""

    folder: Path
    source: SourceId | None = None
    settle: Time = timedelta(minutes=1)
    """A file that was written to within this time is left for the next run: it may not be whole yet."""


class Audited(_Strict):
    """`[audit]`: as the options of `adaudit audit`."""

    country: AnyCountry | None = None
    since: date | None = None
    until: date | None = None
    election: str | None = None
    political_actors: Path | None = None
    assume_country: AnyCountry | None = None
    repository_established: date | None = None
    redact_persons: bool = False
    organisations: Path | None = None
    charts: tuple[Chart, ...] = ("all",)
    report: bool = True


class StampedBy(_Strict):
    """`[stamp]`: an authority that stamps the evidence after the pulls and imports of each run (RFC 3161)."""

    authority: Annotated[str, AfterValidator(_authority)]
    roots: Path
    """Its root certificates, in PEM."""


class Alert(_Strict):
    """`[[alert]]`: when something crosses a line. At least one of `at_least`, `share`, `rise`, `fall`."""

    name: str = Field(min_length=1, max_length=80)
    rule: RuleId | None = None
    source: SourceId | None = None
    country: Country | None = None
    sponsor: str | None = None
    verdicts: tuple[VerdictName, ...] = ("missing", "invalid", "suspect")
    at_least: int | None = Field(default=None, ge=1)
    """So many checks have one of the verdicts."""
    share: float | None = Field(default=None, gt=0, le=1)
    """This share of the checks that could be decided has."""
    of_at_least: int = Field(default=20, ge=1)
    """The fewest decided checks of which a share says something."""
    rise: int | None = Field(default=None, ge=1)
    """So many more than in the run before."""
    fall: int | None = Field(default=None, ge=1)
    """So many fewer."""

    @model_validator(mode="after")
    def _has_a_line(self) -> Self:
        if all(one is None for one in (self.at_least, self.share, self.rise, self.fall)):
            raise ValueError("an alert needs a line to cross: at_least, share, rise or fall")
        if self.rule in REPOSITORY and not self.of_sources:
            raise ValueError(f"{self.rule} speaks of a source as a whole: leave country and sponsor out")
        return self

    @property
    def of_sources(self) -> bool:
        """Whether it counts what the rules say of sources as a whole, too: these know no country and no sponsor."""
        return self.country is None and self.sponsor is None


class Notify(_Strict):
    """`[[notify]]`: where messages go."""

    kind: Literal["webhook", "apprise", "file"]
    variable: Annotated[str, AfterValidator(_variable)] | None = None
    """The environment variable that holds the address, which may hold a secret."""
    path: Path | None = None
    """Of `file`: JSON lines, one a message."""

    @model_validator(mode="after")
    def _has_an_address(self) -> Self:
        wanted, other = ("path", "variable") if self.kind == "file" else ("variable", "path")
        if getattr(self, wanted) is None or getattr(self, other) is not None:
            raise ValueError(f"{self.kind} needs {wanted}, and no {other}")
        return self

    @property
    def id(self) -> str:
        """What it is called in messages and records: never its address."""
        return f"{self.kind} {self.variable or (self.path.as_posix() if self.path else '')}"


class Configuration(_Strict):
    """The whole file."""

    store: Path = Path("store")
    out: Path = Path("outputs")
    language: Language = DEFAULT
    countries: tuple[Country, ...] = ()
    """Whose votes tighten the rhythm."""
    elections: Path | None = None
    metrics: Path | None = None
    """A text file for Prometheus, written after each run."""
    rhythm: Often = Often()
    pull: tuple[Pulled, ...] = ()
    watch: tuple[Watched, ...] = ()
    stamp: StampedBy | None = None
    audit: Audited = Audited()
    alert: tuple[Alert, ...] = ()
    notify: tuple[Notify, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for what, named in (
            ("alert of the name", [one.name for one in self.alert]),
            ("[[notify]] for", [one.id for one in self.notify]),
            ("[[pull]] of the same scope:", [f"{one.source}, {one.scope.said()}" for one in self.pull]),
            ("[[watch]] of the folder", [str(one.folder) for one in self.watch]),
        ):
            twice = sorted({one for one in named if named.count(one) > 1})
            if twice:
                raise ValueError(f"there are two {what} {', '.join(twice)}")
        return self

    @model_validator(mode="after")
    def _votes_of_somebody(self) -> Self:
        tightened = any(one.three_months or one.last_month for one in (self.rhythm, *self.pull))
        if tightened and not self.countries:
            raise ValueError("three_months and last_month need countries: those whose votes tighten the rhythm")
        return self

    def rhythm_of(self, one: Pulled) -> Rhythm:
        """How often a scope is asked for."""
        always = one.every or self.rhythm.every or timedelta(days=1)
        three_months = one.three_months or self.rhythm.three_months
        return Rhythm(always, three_months, one.last_month or self.rhythm.last_month or three_months)

    def options(self) -> Options:
        """The options of the audit."""
        named = {name: getattr(self.audit, name) for name in AUDIT_OPTIONS}
        return Options(**named, elections=self.elections)

    def calendar(self, on: date) -> Calendar:
        """The votes that are known on a day. Raises UsageError where the file of votes cannot be read."""
        return calendar(self.elections, on)


AUDIT_OPTIONS: Final = tuple(name for name in Audited.model_fields if name not in {"charts", "report"})


def read(path: Path) -> Configuration:
    """The configuration in a file, its paths in full. Raises UsageError naming every line that is wrong."""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        data = tomllib.loads(text)
    except FileNotFoundError as error:
        raise UsageError(f"there is no {path}; adaudit init --country CC writes one.") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is no TOML: {error}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} could not be read as UTF-8 text ({error}).") from error
    try:
        found = Configuration.model_validate(data)
    except ValidationError as error:
        known = places(text)
        said = sorted((place_of(one["loc"], known), _said(one)) for one in error.errors())
        raise UsageError("\n".join(f"{path.name}, line {line}: {words}" for line, words in said)) from error
    complete: Configuration = _in_full(found, path.resolve().parent)
    named: dict[Key, Path | None] = {("elections",): complete.elections}
    named |= {("audit", name): getattr(complete.audit, name) for name in ("political_actors", "organisations")}
    named |= {("stamp", "roots"): complete.stamp.roots if complete.stamp else None}
    for key, file in named.items():
        if file is not None and not file.is_file():
            line = place_of(key, places(text))
            raise UsageError(f"{path.name}, line {line}: {'.'.join(map(str, key))}: there is no file {file}.")
    return complete


def _said(error: ErrorDetails) -> str:
    """What is wrong and what is allowed; a value is repeated only where it stands under a known key."""
    where = ".".join(str(one + 1) if isinstance(one, int) else one for one in error["loc"]) or "the file"
    if error["type"] == "extra_forbidden":
        allowed = ", ".join(_allowed(error["loc"][:-1]))
        return f"{where} is not known; allowed here: {allowed} ({SECRETS})."
    if error["type"] == "missing":
        return f"{where} is not there and has to be."
    words = error["msg"].removeprefix("Value error, ")
    given = error["input"]
    if not isinstance(given, str | int | float | date) or SECRETS in words:
        return f"{where}: {words}."
    return f"{where}: {words}; found {given!r}."


def _allowed(key: Key) -> list[str]:
    """The keys that a table may have."""
    model: type[BaseModel] = Configuration
    for name in key:
        if isinstance(name, str) and name in model.model_fields:
            model = next(_models(model.model_fields[name].annotation), model)
    return list(model.model_fields)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - whatever a field is annotated with
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for one in get_args(annotation):
        yield from _models(one)


def _in_full(model: Any, folder: Path) -> Any:  # noqa: ANN401 - a model, a tuple of models, or a value
    """The same with every path in full."""
    if isinstance(model, Path):
        return folder / model.expanduser()
    if isinstance(model, tuple):
        return tuple(_in_full(one, folder) for one in model)
    if isinstance(model, BaseModel):
        changed: Mapping[str, Any] = {name: _in_full(getattr(model, name), folder) for name in type(model).model_fields}
        return model.model_copy(update=changed)
    return model
