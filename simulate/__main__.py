"""``python -m capgap.simulate``, the same as ``capgap``."""

import sys

from .command_line import main

sys.exit(main())
