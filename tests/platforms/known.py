"""The platforms that the loopback server plays, by the id of their source."""

from .google import Google
from .meta import Meta
from .platform import Platform
from .politiekereclame_nl import PolitiekeReclame
from .snapchat import Snapchat

PLATFORMS: dict[str, type[Platform]] = {one.name: one for one in (Google, Meta, PolitiekeReclame, Snapchat)}
