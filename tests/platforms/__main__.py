"""Serves platforms until interrupted: `python -m tests.platforms --platform meta --ads 100000 --fault ...`."""

import argparse
import json
import sys
import threading
from pathlib import Path

from .bigquery import key_file
from .faults import LASTING, ONCE, Fault
from .known import PLATFORMS
from .server import Platforms


def fault(text: str) -> Fault:
    """A fault of the command line; what is wrong with it is said in the usual way."""
    try:
        return Fault.read(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def main() -> int:
    """Prints the address of each platform asked for, what it needs to let a client in, and serves."""
    kinds = "\n".join(f"  {kind:14}{said}" for kind, said in sorted((ONCE | LASTING).items()))
    parser = argparse.ArgumentParser(
        prog="python -m tests.platforms",
        description=__doc__,
        epilog=f"faults, written as KIND,at=3,times=2,share=0.1,platform=meta,on=/ads_archive,...:\n{kinds}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--platform", choices=sorted(PLATFORMS), action="append", help="repeatable [default: all]")
    parser.add_argument("--ads", type=int, default=500, help="ads in each archive [default: 500]")
    parser.add_argument("--seed", type=int, default=1, help="seed of archives and faults [default: 1]")
    parser.add_argument("--port", type=int, default=0, help="port [default: a free one]")
    parser.add_argument("--fault", type=fault, action="append", default=[], help="repeatable")
    parser.add_argument(
        "--google-key", type=Path, help="write the key of a Google account here (ADAUDIT_GOOGLE_KEY_FILE)"
    )
    asked = parser.parse_args()
    with Platforms(asked.seed, asked.ads, asked.fault, asked.port) as server:
        for name in asked.platform or sorted(PLATFORMS):
            needed = [server.token(name), *(f"{key}={one}" for key, one in server.credentials(name).items())]
            print(" ".join([name, server.url(name), *filter(None, needed)]), flush=True)  # noqa: T201
        if asked.google_key:
            asked.google_key.write_text(json.dumps(key_file(server.url("google"))), "utf-8")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(f"{len(server.requests)} requests", file=sys.stderr)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
