"""`python -m tests.fuzz`: atheris drives every parser with bytes of its own; runs until it is stopped or finds a crash.

Not part of the tests: needs `pip install adaudit[fuzz]`. Arguments are libFuzzer's, such as
`-max_total_time=600`; the corpus is the fictional sample in every container.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["adaudit"]):
    from adaudit.connectors import Recognised, parse_page, recognise
    from adaudit.errors import InputError
    from adaudit.evidence import pages
    from adaudit.sample import write_sample

from tests.connectors.containers import CONTAINERS

LONGEST = 20_000


def one_input(data: bytes) -> None:
    """Read these bytes as an audit does: records, rows set aside, or an error with a name."""
    try:
        for page in pages(data):
            found = recognise(page.data)
            if isinstance(found, Recognised):
                for row in parse_page(page.data, found, "fuzz").rejected:
                    row.raw.encode()
    except InputError as error:
        str(error).encode()


def corpus(folder: Path) -> None:
    """The sample's files in every container, short ones only."""
    for number, path in enumerate(write_sample(folder / "sample", scale=0.002)):
        for name, wrap in CONTAINERS.items():
            data = wrap(path.read_bytes())
            if data is not None and len(data) <= LONGEST:
                (folder / f"{number}-{name}").write_bytes(data)


def main() -> None:
    """Fuzz with a corpus made for the time of the run."""
    with tempfile.TemporaryDirectory(prefix="adaudit-fuzz-") as name:
        corpus(Path(name))
        atheris.Setup([sys.argv[0], f"-max_len={LONGEST}", *sys.argv[1:], name], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
