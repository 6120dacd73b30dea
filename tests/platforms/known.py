"""The platforms that the loopback server plays, by the id of their source."""

from .google import Google
from .linkedin import LinkedIn
from .meta import Meta
from .microsoft import Microsoft
from .platform import Platform
from .politiekereclame_nl import PolitiekeReclame
from .snapchat import Snapchat
from .tiktok import TikTok
from .x import X

PLATFORMS: dict[str, type[Platform]] = {
    one.name: one for one in (Google, LinkedIn, Meta, Microsoft, PolitiekeReclame, Snapchat, TikTok, X)
}
