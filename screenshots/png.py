"""Makes PNGs of the SVGs here, for the README.

    pip install resvg-py
    python screenshots/png.py [FONT …]

Fonts are files, the first a monospaced one (Fira Code is what the pictures are drawn
for), the others for what it lacks.
"""

from __future__ import annotations

import sys
from pathlib import Path

import resvg_py

HERE = Path(__file__).parent
FONTS = (
    "/usr/share/fonts/truetype/firacode/FiraCode-Regular.ttf",
    "/usr/share/fonts/truetype/firacode/FiraCode-Bold.ttf",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
)


def main(fonts: list[str]) -> None:
    """Make them all anew."""
    for path in sorted(HERE.glob("*.svg")):
        # The title of the window is in Arial, which few systems have.
        svg = path.read_text().replace("font-family: arial", "font-family: Fira Code")
        # None of these fonts has the sign of a copy.
        svg = svg.replace("⧉", "❐")
        png = resvg_py.svg_to_bytes(
            svg_string=svg,
            font_files=fonts,
            skip_system_fonts=True,
            monospace_family="Fira Code",
        )
        path.with_suffix(".png").write_bytes(bytes(png))
        print(path.with_suffix(".png").name)


if __name__ == "__main__":
    main(sys.argv[1:] or [font for font in FONTS if Path(font).exists()])
