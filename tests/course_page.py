"""The page for teachers: the HTML that it offers for other sites."""

import re
from html import unescape


def code_on_course_page(site):
    """The page for teachers, with its code as a reader copies it."""
    text = (site / "your-course.html").read_text(encoding="utf-8")
    return unescape(re.sub(r"</?span[^>]*>", "", text))


def snippets(site):
    """The lines that the book offers for each demo, by the demo's name."""
    found = re.findall(r"<iframe src.*?</iframe>", code_on_course_page(site), re.DOTALL)
    return {re.search(r"/demo/([\w-]+)\.html", snippet)[1]: snippet for snippet in found}
