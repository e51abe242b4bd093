"""What the user runs: configuration, engine, results, figures, command line.

Names are imported when first used, so that ``capgap --help`` does not wait for the kernels; ``__init__.pyi``
says where each is.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
