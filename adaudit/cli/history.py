"""`adaudit history`: the pulls and imports of the store, with their figures."""

import json
from pathlib import Path

import click

from adaudit.cli.asked import opened_store, stop, store_option
from adaudit.cli.lang import lang_option
from adaudit.errors import AdauditError, UsageError
from adaudit.language import Language


@click.command("history")
@click.argument("source", required=False)
@store_option
@click.option("--pull", "wanted", help="One pull or import, by its id or how that begins, with everything known of it.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@lang_option
def command(source: str | None, folder: Path | None, wanted: str | None, as_json: bool, lang: Language) -> None:
    """The pulls and imports of the store by time, of SOURCE or of all: what was asked, what came, how it ended.

    \b
    Examples:
      adaudit history
      adaudit history meta --json
      adaudit history --pull 20261101T0200
    """
    from adaudit.cli.console import out_console
    from adaudit.cli.past import show_history
    from adaudit.cli.pulled import show_pull, written_pull

    try:
        store = opened_store(folder)
        pulls = [one for one in store.pulls.all() if source in (None, one.source)]
        if wanted is not None:
            pulls = [one for one in pulls if one.id.startswith(wanted)]
            if len(pulls) != 1:
                raise UsageError(f"--pull: {len(pulls)} pulls or imports have an id that begins with {wanted!r}.")
    except AdauditError as error:
        stop(error)
    if as_json:
        click.echo(json.dumps({"pulls": [written_pull(one) for one in pulls]}, ensure_ascii=False, indent=1))
    elif wanted is not None:
        show_pull(pulls[0], store, lang)
    else:
        show_history(pulls, store.folder, out_console(), lang)
