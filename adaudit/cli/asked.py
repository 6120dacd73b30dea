"""What a person can ask of a command: kinds of values, charts, and an end for what is wrong."""

import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

from adaudit.errors import AdauditError, EvidenceError, UsageError
from adaudit.model.vocabulary import VERDICTS

if TYPE_CHECKING:
    from adaudit.store import Store

FILE: Final = click.Path(path_type=Path, exists=True, dir_okay=False)


def fail(error: AdauditError, code: int) -> NoReturn:
    """Say what is wrong on standard error and stop with the exit code, 4 where it is evidence that is wrong."""
    click.echo(f"adaudit: {error}", err=True)
    sys.exit(4 if isinstance(error, EvidenceError) else code)


def stop(error: AdauditError) -> NoReturn:
    """Say what is wrong and stop with the exit code of its kind: 2 wrong use, 4 evidence, 3 anything else."""
    fail(error, 2 if isinstance(error, UsageError) else 3)


def opened_store(folder: Path | None, otherwise: str = "") -> "Store":
    """The store that was named, or the user's own, where there is one.

    Raises UsageError where there is none, with what to do `otherwise` than naming another.
    """
    from adaudit.store import Store, default_folder

    place = folder or default_folder()
    if not (place / "store.json").exists():
        here = ", such as the one that adaudit.toml names" if Path("adaudit.toml").is_file() else ""
        raise UsageError(
            f"there is no store in {place}: {otherwise}name another with --store{here} (adaudit pull makes one)."
        )
    return Store(place)


def silent_retries() -> None:
    """Have what is asked again print nothing: a line of each retry would stand among what `--json` prints."""
    import stamina

    stamina.instrumentation.set_on_retry_hooks(())


class Day(click.ParamType[date]):
    """A calendar day written as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; a usage error for anything else."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day written as YYYY-MM-DD", param, ctx)


class CountryCode(click.ParamType[str]):
    """An ISO 3166-1 alpha-2 code."""

    name = "country"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The code in capitals; a usage error for an unknown one."""
        from adaudit.model.countries import codes

        if value.upper() not in codes():
            self.fail(f"{value!r} is not a two-letter country code", param, ctx)
        return value.upper()


class CountryOrAll(CountryCode):
    """An ISO 3166-1 alpha-2 code, or `ALL` for every country."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The code in capitals; a usage error for an unknown one."""
        return "ALL" if value.upper() == "ALL" else super().convert(value, param, ctx)


class FailOn(click.ParamType[tuple[str, int]]):
    """A verdict, with a number from which it counts: `missing` or `missing=10`."""

    name = "verdict[=N]"

    def convert(
        self, value: str | tuple[str, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """The verdict and the number, 1 where none is given."""
        if isinstance(value, tuple):
            return value
        verdict, _, least = value.partition("=")
        if verdict not in VERDICTS or (least and not (least.isdigit() and int(least))):
            self.fail(f"{value!r}: one of {', '.join(VERDICTS)}, with =N or without", param, ctx)
        return verdict, int(least or 1)


class Charts(click.ParamType[tuple[str, ...]]):
    """Names of charts with commas between them, `all`, or `none`."""

    name = "name"

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """The names in the order of the charts; a usage error, with the names there are, for an unknown one."""
        if isinstance(value, tuple):
            return value
        from adaudit.charts import CHARTS

        known = {**{name: (name,) for name in CHARTS}, "all": CHARTS, "none": ()}
        given = [name.strip() for name in value.split(",")]
        for name in given:
            if name not in known:
                self.fail(f"{name!r} is no chart; there are: all, none, {', '.join(CHARTS)}", param, ctx)
        if "none" in given and len(given) > 1:
            self.fail("none stands alone", param, ctx)
        named = {chart for name in given for chart in known[name]}
        return tuple(chart for chart in CHARTS if chart in named)


UNITS: Final = {"s": 1, "m": 60, "h": 3600}


class Duration(click.ParamType[float]):
    """A time such as `90`, `15m` or `2h`; a bare number is of minutes."""

    name = "time"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The seconds; a usage error for anything else."""
        if isinstance(value, float):
            return value
        number, unit = (value[:-1], value[-1]) if value[-1:] in UNITS else (value, "m")
        if not number.isdigit() or not int(number):
            self.fail(f"{value!r} is no time such as 90s, 15m or 2h", param, ctx)
        return float(int(number) * UNITS[unit])


def store_option(command: click.decorators.FC) -> click.decorators.FC:
    """Adds `--store DIR`."""
    return click.option(
        "--store",
        "folder",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="ADAUDIT_STORE",
        show_envvar=True,
        help="Folder of the store [default: in the user's data folder].",
    )(command)


def config_option(command: click.decorators.FC) -> click.decorators.FC:
    """Adds `--config FILE`."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        default=Path("adaudit.toml"),
        envvar="ADAUDIT_CONFIG",
        show_envvar=True,
        show_default=True,
        help="The configuration; adaudit init writes one.",
    )(command)


def charts_options(command: Callable[..., None]) -> Callable[..., None]:
    """Adds `--charts NAME` (repeatable) and `--no-charts` to a command."""
    described = "Draw these charts: all, none, or names with commas between them; repeatable [default: all]."
    command = click.option("--no-charts", is_flag=True, help="Draw no chart: the same as --charts none.")(command)
    return click.option("--charts", "charts", type=Charts(), multiple=True, help=described)(command)


def chosen_charts(given: Sequence[tuple[str, ...]], *, no_charts: bool) -> tuple[str, ...]:
    """The charts to draw, each once, in their order; all where nothing was said. A contradiction ends the program."""
    from adaudit.charts import CHARTS

    if no_charts and any(given):
        fail(UsageError("--charts and --no-charts exclude one another."), 2)
    if any(given) and not all(given):
        fail(UsageError("--charts none stands alone."), 2)
    if no_charts:
        return ()
    named = {name for names in given for name in names}
    return tuple(name for name in CHARTS if not given or name in named)
