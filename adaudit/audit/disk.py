"""Tells a disk that is full or gone from every other fault."""

import errno
import os
from typing import Final

DISK: Final = {
    **{
        os.strerror(code): os.strerror(code)
        for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EACCES)
    },
    "Invalid thrift: transport error": "a file could not be written to its end",
}
"""What an error says where results cannot be written (the writer of Parquet hides the system's words), in words."""


def of_disk(error: Exception) -> str | None:
    """What is wrong with the disk, where it is the disk that an error speaks of."""
    return next((words for mark, words in DISK.items() if mark in str(error)), None)
