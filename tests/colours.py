"""Colours and pixels of a page."""

from io import BytesIO

import numpy as np
from PIL import Image


def over(ink, paper):
    """Blend a translucent colour with the background."""
    *color, opacity = ink
    return opacity * np.array(color) + (1 - opacity) * np.array(paper)


def luminance(color):
    """Compute the relative luminance of a colour as WCAG 2.2 defines it."""
    part = np.array(color) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    """Compute the contrast of two colours as WCAG 2.2 defines it: from 1 to 21."""
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def paper_of(page):
    """Read the background colour of the page."""
    return page.evaluate(
        "() => getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number)"
    )[:3]


def picture(page, box):
    """Take a screenshot of a part of the window, as an array of pixels."""
    return np.asarray(Image.open(BytesIO(page.screenshot(clip=box))).convert("RGB")).astype(int)
