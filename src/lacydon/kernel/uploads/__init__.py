"""Files that people send: what they are by their content, never by their name; made harmless, or refused in a sentence.

    JUSTIFICATIF = Use(name="justificatif", allowed=frozenset({"pdf", "jpeg", "png"}), largest=10_000_000)
    checked = check(request.FILES["file"], name=request.FILES["file"].name, use=JUSTIFICATIF)

`checked.content` is what to store: pictures lose what they tell about a place, a camera or a person, and whatever was
hidden after their end. It is to be given back as an attachment only (`kernel.downloads`): a file that is two things at
once is then never run by a browser. An antivirus looks at each file when a connector is plugged into `plugs.antivirus`.
"""

from .checks import Antivirus, Checked, Use, check
from .formats import FORMATS, Format, UploadRefused
from .names import clean_name

__all__ = ["FORMATS", "Antivirus", "Checked", "Format", "UploadRefused", "Use", "check", "clean_name"]
