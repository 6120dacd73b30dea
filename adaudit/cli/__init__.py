"""The command line: parses arguments, calls one function, prints what was done and where it lies."""

import os
from importlib import import_module
from typing import Final

import click

from adaudit import __version__

COMMANDS: Final = {
    "audit": ("adaudit.cli.audit", "Audit files and folders of ad libraries and registers."),
    "changes": ("adaudit.cli.changes", "What the sources changed: new, edited, removed, reappeared."),
    "compare": ("adaudit.cli.compare", "What differs between two audits, from their folders alone."),
    "convert": ("adaudit.cli.convert", "Turn a transparency notice from JSON into XML, or back."),
    "demo": ("adaudit.cli.demo", "Run the whole main job on a fictional sample, offline."),
    "doctor": ("adaudit.cli.doctor", "Which sources can be pulled, how the store does, what to do next."),
    "history": ("adaudit.cli.history", "The pulls and imports of the store, with their figures."),
    "import": ("adaudit.cli.importing", "Put files saved by hand into the store."),
    "init": ("adaudit.cli.init", "Write a commented configuration for a country, ready to run."),
    "login": ("adaudit.cli.login", "Keep the credentials of a source, and try them."),
    "pull": ("adaudit.cli.pull", "Pull an ad library or register into the store."),
    "report": ("adaudit.cli.report", "Write the report of an audit, in English or Dutch."),
    "rules": ("adaudit.cli.rules", "What is checked, with the law's own words."),
    "run": ("adaudit.cli.run", "Run one batch: pull what is due, audit, compare, tell."),
    "runs": ("adaudit.cli.runs", "The runs of before: what was due, done and failed."),
    "sample": ("adaudit.cli.checked", "Read a sample sheet checked by hand: the share confirmed."),
    "schedule": ("adaudit.cli.schedule", "Write the timer of a configuration, and explain it."),
    "schema": ("adaudit.cli.schema", "The form of a transparency notice: JSON Schema and examples."),
    "stamp": ("adaudit.cli.stamp", "Have the head of the evidence's chain stamped by an authority."),
    "replay": ("adaudit.cli.replay", "Make all observations again from the kept bytes, and compare."),
    "verify": ("adaudit.cli.verify", "Whether the store's evidence is what it was, offline."),
    "sources": ("adaudit.cli.sources", "What can be read: fields, exposure, how to get the file."),
}
"""Each command with its module and one line of help: listing them imports none of them."""


def help_width() -> int:
    """Columns for help texts: the terminal's, at most 100; 80 where there is none."""
    try:
        return min(os.get_terminal_size().columns, 100)
    except OSError:
        return 80


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used, so that `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's interface
        """Every command by name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """The list of commands, from their one-line helps."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "terminal_width": help_width()})
@click.version_option(__version__, prog_name="adaudit", message="%(prog)s %(version)s")
def cli() -> None:
    """Audit the transparency of political advertising in the EU.

    adaudit reads files of ad libraries and registers and says, for each requirement of Regulation
    (EU) 2024/900 and Article 39 of the Digital Services Act, what is disclosed, what is missing in a
    record, and what the library never shows at all. It reports what was disclosed; it does not convict.

    \b
    Start here:
      adaudit demo                     a complete audit of a fictional sample
      adaudit audit FILE... --out DIR  your own files, any mix
      adaudit sources meta             what can be read and how to get the file
      adaudit rules notice_payer       what is checked, with the law's words

    \b
    Exit codes: 0 done; 1 done and --fail-on was met; 2 wrong use; 3 a file could not be read or
    recognised, or rows were rejected (everything else was still done); 4 evidence does not verify.
    """
