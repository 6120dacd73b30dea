"""`adaudit sample`: the share of verdicts that a person confirmed, from a filled sample sheet."""

import json
import sys
from pathlib import Path

import click

from adaudit.cli.asked import fail
from adaudit.cli.lang import lang_option
from adaudit.errors import UsageError
from adaudit.language import Language, texts_of


@click.command("sample")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--checked", type=click.Path(path_type=Path), help="The filled sheet [default: DIR/sample.csv].")
@click.option("--json", "as_json", is_flag=True, help="Print the shares as JSON instead of a table.")
@lang_option
def command(folder: Path, checked: Path | None, as_json: bool, lang: Language) -> None:
    """The share of verdicts confirmed by hand, with its confidence interval.

    `adaudit audit ... --sample N --out DIR` draws the verdicts into DIR/sample.csv (and sample.xlsx); a
    person fills "correct?", who and when; this command reads the sheet back (CSV, Excel or JSON) and says
    how many were confirmed, overall, by verdict and by rule. Exit code 3 where rows could not be taken.

    \b
    Example:
      adaudit sample audit-register --checked checked.xlsx
    """
    from adaudit.audit.checking import by_scope
    from adaudit.cli.console import err_console, out_console, say
    from adaudit.cli.shares import show_shares
    from adaudit.export.sample_sheet import read_sheet

    try:
        sheet, sizes = read_sheet(checked or folder / "sample.csv", folder)
    except UsageError as error:
        fail(error, 2)
    for bad in sheet.bad:
        say(
            err_console(),
            texts_of("adaudit.export").say("bad_row", lang, place=bad.place, reason=bad.reason),
            "red",
        )
    found = by_scope(sheet.checked, sizes)
    if as_json:
        counts = {"answered": len(sheet.checked), "unanswered": sheet.unanswered, "unsigned": sheet.unsigned}
        written = {scope: [one.as_written() for one in shares] for scope, shares in found.items()}
        rejected = [vars(one) for one in sheet.bad]
        method = texts_of("adaudit.export").say("method", lang)
        click.echo(
            json.dumps({**counts, "rejected": rejected, "method": method, **written}, ensure_ascii=False, indent=1)
        )
    else:
        show_shares(found, sheet, out_console(), lang)
    sys.exit(3 if sheet.bad else 0)
