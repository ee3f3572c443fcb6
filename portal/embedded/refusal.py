"""How a command says that it cannot go on: one sentence, no traceback, exit code 1."""

import errno
import sys
from collections.abc import Callable

SENTENCES = {
    errno.ENOSPC: "The disk is full: there is no space left for {path}. Free some and start again.",
    errno.EDQUOT: "Your disk quota is used up: there is no space left for {path}. Free some and start again.",
    errno.EACCES: "{path} may not be read or written by this user. Run as its owner.",
    errno.EPERM: "{path} may not be changed by this user. Run as its owner.",
    errno.EROFS: "{path} is on a disk that is mounted read-only. Use a folder that can be written.",
}


class Refusal(Exception):
    """A sentence for the person at the terminal: what is wrong and what to do."""


class StopRequested(BaseException):
    """Ctrl-C, or a signal that asks for the same."""


def sentence(error: OSError) -> str:
    """What an error of the operating system means here."""
    path = error.filename or "a file"
    template = SENTENCES.get(error.errno or 0, "{path}: {reason}.")
    return template.format(path=path, reason=error.strerror or error)


def guarded(main: Callable[[], int]) -> int:
    """The exit code of `main`; whatever stops it is told in one sentence."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace", line_buffering=True)
    try:
        return main()
    except Refusal as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\n{sentence(error)}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, StopRequested):
        print("\nstopped", file=sys.stderr)
        return 130
