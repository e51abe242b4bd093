"""Where ``capgap`` begins, and ``python -m capgap.simulate``, which is the same."""

import signal
import sys


def main() -> int:
    """Run the command line; returns the exit status."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Ctrl-C ends the process at once until the command line is there to tell of it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from .command_line import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
