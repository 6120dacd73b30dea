"""Asking sources over the network: questions and answers, and the one session that carries them."""

from adaudit.http.messages import BUSY, Again, Answer, Request, retry_after, usual
from adaudit.http.session import Patience, Session, host_of, is_local

__all__ = ["BUSY", "Again", "Answer", "Patience", "Request", "Session", "host_of", "is_local", "retry_after", "usual"]
