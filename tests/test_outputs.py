"""What other cells and pages can show: charts, tables, pictures, formulas, folded admonitions."""

import re

import pytest

from small_book import HEADER, Book

RICH = rf"""{HEADER}
# Rich

```{{code-cell}} python
import altair as alt
from IPython.display import HTML, SVG, Image, Latex, Markdown, Math

rows = alt.Data(values=[{{"x": 1, "y": 2}}, {{"x": 2, "y": 3}}])
alt.Chart(rows, description="Two points").mark_point().encode(x="x:Q", y="y:Q")
```

```{{code-cell}} python
---
mystnb:
  figure:
    name: fig-bars
    caption: Bars with *markup*.
---
alt.Chart(rows, title="Bars").mark_bar().encode(x="x:Q", y="y:Q").interactive()
```

```{{code-cell}} python
line = alt.Chart(rows).mark_line().encode(x="x:Q", y="y:Q")
line | line.mark_area()
```

```{{code-cell}} python
HTML("<style scoped>th {{color: red}}</style><table><tr><td>cell-of-html</td></tr></table>")
```

```{{code-cell}} python
SVG('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>svg</text></svg>')
```

```{{code-cell}} python
Image(bytes.fromhex("89504e470d0a1a0a"), format="png")
```

```{{code-cell}} python
display(Math(r"\bm{{w}}"), Latex(r"$$\begin{{align}} a &= b \end{{align}}$$"))
display(Markdown("Text of *Markdown*"))
{{"plain": [1, 2]}}
```

:::{{admonition}} An *answer* with $x^2$
:class: dropdown
:name: the-answer
Inside.

```{{note}}
:class: dropdown
Nested.
```
:::

:::{{tip}}
:class: dropdown toggle-shown
Open.
:::

:::{{admonition}} Not folded
As ever.
:::

See [](#the-answer).
"""

BLOCKED = f"""{HEADER}
# Blocked

<iframe src="https://www.youtube.com/embed/abc"></iframe>

![A picture](https://example.org/a.png)

```{{code-cell}} python
from IPython.display import HTML
HTML('<script src="https://cdn.plot.ly/plotly.js"></script><script>Plotly.plot()</script>')
```
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    book = Book(tmp_path_factory.mktemp("outputs"))
    book.page.write_text(RICH)
    book.add_page("blocked", BLOCKED)
    status, book.printed = book.build("-n")
    assert status == 0, book.printed
    return book


@pytest.fixture(scope="module")
def article(book):
    return re.search(r"<article.*</article>", book.html, re.DOTALL)[0]


def test_altair_charts_are_pictures(book, article):
    pictures = re.findall(r'<img alt="([^"]*)"[^>]* src="([^"]*\.svg)"', article)
    assert [alt for alt, _ in pictures[:3]] == ["Two points", "Bars", "Chart"]
    for _, source in pictures:
        assert (book.html_folder / source).read_text(encoding="utf-8").startswith("<svg")
    assert re.search(r'<figure[^>]*id="fig-bars".*Bars with <em>markup</em>', article, re.DOTALL)
    assert "vega" not in article.lower()


def test_other_outputs_are_shown(article):
    assert "<td>cell-of-html</td>" in article
    assert len(re.findall(r'<img [^>]*\.svg"', article)) == 4
    assert re.search(r'<img [^>]*\.png"', article)
    assert article.count("<math") == 3
    assert "Text of <em>Markdown</em>" in article
    assert "{'plain': [1, 2]}" in article.replace("&#39;", "'")


def test_admonitions_with_the_class_dropdown_fold(article):
    folds = re.findall(r"<details([^>]*)>\s*<summary[^>]*>(.*?)</summary>", article, re.DOTALL)
    titles = [re.sub(r"<svg.*", "", title, flags=re.DOTALL) for _, title in folds]
    assert "An <em>answer</em> with <math>" in titles[0]
    assert "Note" in titles[1]
    assert "Tip" in titles[2]
    assert ["open=" in attributes for attributes, _ in folds] == [False, False, True]
    assert article.index("Inside.") < article.index("Nested.") < article.index("</details>")
    assert '<div class="admonition-not-folded admonition">' in article
    assert 'href="#the-answer"' in article
    assert 'id="the-answer"' in article


def test_blocked_content_is_a_warning_with_its_location(book):
    warnings = re.findall(r"(\w+\.md:\d+): WARNING: (.*)", book.printed)
    assert [place for place, _ in warnings] == ["blocked.md:12", "blocked.md:14", "blocked.md:18"]
    frame, picture, script = (message for _, message in warnings)
    assert "blocks <iframe>" in frame
    assert "add https://www.youtube.com to gdbook_allow_origins in _config.yml" in frame
    assert "add https://example.org to gdbook_allow_origins" in picture
    assert "blocks a script: return a picture instead" in script
