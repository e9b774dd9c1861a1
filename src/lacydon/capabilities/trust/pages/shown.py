"""How a page of trust is shown: see kernel.ui.shown."""

from lacydon.kernel.ui.shown import SAID, done, show, troubled

__all__ = ["SAID", "done", "show", "troubled"]
