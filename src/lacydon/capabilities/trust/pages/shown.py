"""How a page of trust is shown: see kernel.ui.shown."""

from lacydon.kernel.ui.shown import SAID, desks_of, done, show, troubled

__all__ = ["SAID", "desks_of", "done", "show", "troubled"]
