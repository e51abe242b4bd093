"""``python -m capgap.simulate``, the same as ``capgap``."""

import sys

from ..entry import main

if __name__ == "__main__":
    sys.exit(main())
