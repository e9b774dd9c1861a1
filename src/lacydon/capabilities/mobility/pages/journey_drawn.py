"""A journey as a small drawing: where one goes, in the colours of the lines."""

from typing import Final

import numpy as np
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..ports.journeys import Journey, Leg
from .drawn import Ground

WIDTH, HEIGHT = 640, 320
AROUND: Final = 1.35
LEAST: Final = 400.0
"""Metres that a drawing shows from top to bottom, at least."""
BARS: Final = (10_000, 5_000, 2_000, 1_000, 500, 200, 100)
OURS: Final = "#0B5C8A"


def sketch(journey: Journey, *, number: int) -> SafeString:
    """An inline SVG; the words of the steps say the same."""
    points = np.array([point for leg in journey.legs for point in leg.points])
    west, south = points.min(axis=0)
    east, north = points.max(axis=0)
    lat = (south + north) / 2
    tall = (north - south) * 111_195.0
    wide = (east - west) * 111_195.0 * float(np.cos(np.radians(lat)))
    high = max(tall, wide * HEIGHT / WIDTH, LEAST) * AROUND
    ground = Ground(lon=(west + east) / 2, lat=lat, high=high, width=WIDTH, height=HEIGHT)
    title = conditional_escape(_("Croquis du trajet %d") % number)
    told = conditional_escape(
        _("Traits pleins : à bord, dans la couleur de la ligne. Pointillés : à pied. Le nord est en haut.")
    )
    name = f"trajet-{number}"
    parts = [
        f'<svg class="jn-map" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{name}-titre {name}-dit">'
        f'<title id="{name}-titre">{title}</title><desc id="{name}-dit">{told}</desc>'
    ]
    for leg in journey.legs:
        path = ground.path(np.array(leg.points)) if len(leg.points) > 1 else ""
        if path and leg.kind != "walk":
            parts.append(f'<path class="under" d="{path}"/><path class="ride" stroke="{_colour(leg)}" d="{path}"/>')
        elif path:
            parts.append(f'<path class="foot" d="{path}"/>')
    for leg in journey.rides:
        for spot in (leg.origin, leg.goal):
            x, y = ground.at(np.array([(spot.lon, spot.lat)]))[0]
            parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="7"/>')
    for spot, word in ((journey.legs[0].origin, "A"), (journey.legs[-1].goal, "B")):
        x, y = ground.at(np.array([(spot.lon, spot.lat)]))[0]
        parts.append(
            f'<g class="end"><circle cx="{x:.0f}" cy="{y:.0f}" r="15"/>'
            f'<text x="{x:.0f}" y="{y + 6:.0f}">{word}</text></g>'
        )
    metres = next((each for each in BARS if each * HEIGHT / high <= WIDTH / 4), 100)
    length = f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
    parts.append(
        f'<path class="ruler" d="M16 {HEIGHT - 14}h{metres * HEIGHT / high:.0f}"/>'
        f'<text class="far" x="16" y="{HEIGHT - 22}">{length}</text>'
    )
    parts.append("</svg>")
    return SafeString("".join(parts))


def _colour(leg: Leg) -> str:
    good = len(leg.colour) == 6 and all(sign in "0123456789ABCDEF" for sign in leg.colour)
    return f"#{leg.colour}" if good and leg.colour != "FFFFFF" else OURS
