"""A loopback server that behaves like each platform, faults included, for tests of live connectors and by hand.

    with Platforms(seed=1, ads=500, faults=[Fault("status", at=3, status=500)]) as server:
        server.url("meta")        # in the place of https://graph.facebook.com
        server.archive("meta")    # the ids that a full pull must bring
        server.requests           # what was asked, with headers

By hand: `python -m tests.platforms --platform meta --ads 100000 --fault status,at=3,status=503`.

Built from the written contracts of the platforms; what these leave open is decided in the module of each platform
and said there, and no test should rely on it. The content is that of the fictional sample.
"""

from .exchange import Asked
from .faults import LASTING, ONCE, Fault
from .server import Platforms

__all__ = ["LASTING", "ONCE", "Asked", "Fault", "Platforms"]
