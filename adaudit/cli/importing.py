"""`adaudit import`: files saved by hand, into the store, with the same evidence as a pull."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from adaudit.cli.asked import stop, store_option
from adaudit.cli.lang import lang_option
from adaudit.cli.progress import progress_bar
from adaudit.cli.pulled import migrated, show_pull
from adaudit.errors import AdauditError
from adaudit.language import Language


class Instant(click.ParamType[datetime]):
    """A day, or an instant with its offset from UTC."""

    name = "when"

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The instant; a usage error for anything else, and for one without an offset."""
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day such as 2026-11-24, nor an instant such as 2026-11-24T09:30Z", param, ctx)
        if found.tzinfo is None and "T" in value:
            self.fail(f"{value!r} says no offset from UTC; write 2026-11-24T09:30Z or …+01:00", param, ctx)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


@click.command("import")
@click.argument("source", required=True)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@store_option
@click.option("--observed-at", type=Instant(), help="When the files were obtained: a day or an instant [default: now].")
@click.option(
    "--whole",
    default="",
    metavar="NAME",
    help="The files together are all that the source showed of what NAME says, in your words: `adaudit changes` "
    "compares two imports of one NAME.",
)
@lang_option
def command(
    source: str, paths: tuple[Path, ...], folder: Path | None, observed_at: datetime | None, whole: str, lang: Language
) -> None:
    """Put files that were saved by hand into the store, as of a source (or `any`: each told by its content).

    The bytes are kept as they are, access tokens taken out, with when they were obtained; then they are
    read as the answers of a pull are.

    \b
    Examples:
      adaudit import snapchat PoliticalAds.zip --observed-at 2026-03-01
      adaudit import meta FacebookAdLibraryReport_2025-07-31_NL_lifelong.zip
      adaudit import any downloads/
    """
    from adaudit.collection.importing import import_files
    from adaudit.store import Store, default_folder

    try:
        store = Store(folder or default_folder())
        with store.writing():
            migrated(store, lang)
            with progress_bar(lang) as progress:
                done = import_files(store, None if source == "any" else source, paths, observed_at, progress, whole)
    except AdauditError as error:
        stop(error)
    show_pull(done, store, lang)
    sys.exit(0 if done.outcome == "complete" else 3)
