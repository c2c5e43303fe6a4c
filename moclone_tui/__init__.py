"""moclone: the terminal for MatrixOne, its databases, snapshots and clones.

```python
from moclone_tui import Client

with Client(host="127.0.0.1", port=6001, user="root", password="111") as client:
    client.clone.clone_database("shop_dev", "shop")
```

The public API is what `moclone_tui.api` lists. It is loaded when it is first used, so
that `moclone --version` need not wait for a database driver.
"""

from typing import TYPE_CHECKING

from moclone_tui._version import __version__ as __version__

if TYPE_CHECKING:
    from moclone_tui.api import *  # noqa: F403


def __getattr__(name: str) -> object:
    """Take a public name from the API; those of modules must not load it."""
    import importlib

    if name.islower() and name != "__all__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    api = importlib.import_module("moclone_tui.api")
    if name != "__all__" and name not in api.__all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(api, name)
