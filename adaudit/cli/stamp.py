"""`adaudit stamp`: have a time stamping authority attest when the store's evidence was there."""

import json
from pathlib import Path

import click

from adaudit.cli.asked import FILE, opened_store, silent_retries, stop, store_option
from adaudit.cli.lang import SAY, lang_option
from adaudit.errors import AdauditError
from adaudit.language import Language, number


class Authority(click.ParamType[str]):
    """The address of a time stamping authority."""

    name = "url"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The address; a usage error for one in the clear, or that may hold a secret."""
        from adaudit.collection.stamping import address

        try:
            return address(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command("stamp")
@store_option
@click.option("--authority", type=Authority(), required=True, help="Address of the time stamping authority.")
@click.option("--roots", type=FILE, required=True, help="Its root certificates, in PEM, got from itself.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@lang_option
def command(folder: Path | None, authority: str, roots: Path, as_json: bool, lang: Language) -> None:
    """Have the head of the evidence's chain stamped (RFC 3161): that all of it was there at that time.

    The authority is told one hash and nothing else. Its answer must be of that hash and of this question,
    and signed by a certificate that leads to the roots you give; then it is kept in the store with them, and
    adaudit verify holds it to them, or to those of --roots, offline. Nothing is asked where nothing came
    since the last stamp. Needs an extra: pip install 'adaudit[timestamp]'. The answer lies in evidence/blobs
    as any other (zstd -d opens it): openssl ts -verify -digest HEAD -in FILE -CAfile ROOT needs no adaudit.

    An authority that asks for credentials is told ADAUDIT_STAMP_AUTHORIZATION (of the environment or .env)
    as its Authorization header. In adaudit.toml, [stamp] has every run stamp what it pulled.

    Exit code 3 where the authority gives no stamp that holds (nothing is kept then), 4 where the chain is
    broken.

    \b
    Example:
      adaudit stamp --authority https://tsa.example.org/tsr --roots tsa-root.pem
    """
    from adaudit.cli.console import out_console, say
    from adaudit.collection.stamping import Stamping, stamp

    silent_retries()
    try:
        store = opened_store(folder)
        with store.writing():
            done = stamp(store, Stamping(authority, roots))
    except AdauditError as error:
        stop(error)
    if as_json:
        click.echo(json.dumps({"stamped": done.as_written() if done else None}, ensure_ascii=False))
        return
    if done is None:
        say(out_console(), SAY.say("stamp_nothing", lang))
        return
    counts = {"line": number(done.line, lang), "new": number(done.new, lang)}
    at, name = f"{done.stamp.at:%Y-%m-%d %H:%M:%SZ}", done.stamp.authority or "–"
    say(out_console(), SAY.say("stamp_done", lang, at=at, name=name, head=done.head, **counts), "bold")
