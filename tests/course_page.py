"""The page for teachers: the HTML that it offers for other sites."""

import re
from html import unescape


def code_on_course_page(site):
    """Read the page for teachers, with its code as a reader would copy it."""
    text = (site / "your-course.html").read_text(encoding="utf-8")
    return unescape(re.sub(r"</?span[^>]*>", "", text))


def snippets(site):
    """Map each demo to the HTML snippet that the book offers for it."""
    found = re.findall(r"<iframe src.*?</iframe>", code_on_course_page(site), re.DOTALL)
    return {re.search(r"/demo/([\w-]+)\.html", snippet)[1]: snippet for snippet in found}
