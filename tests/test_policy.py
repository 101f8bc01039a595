"""The Content-Security-Policy, and the warnings about content that it blocks."""

import pytest
from docutils import nodes
from sphinx.errors import ConfigError

from gdbook.page.policy import blocked, check_origins, content_security_policy

BLOCKED = [
    ('<iframe src="https://www.youtube.com/embed/x"></iframe>', "add https://www.youtube.com to"),
    ('<iframe src="//player.example.org/x"></iframe>', "add https://player.example.org to"),
    ('<iframe src="data:text/html,hello"></iframe>', "into a file beside the pages"),
    ('<iframe srcdoc="&lt;script>run()&lt;/script>"></iframe>', "a script: return a picture"),
    ('<img src="http://example.org/a.png">', "add http://example.org to"),
    ('<img srcset="a.png 1x, https://example.org/b.png 2x">', "add https://example.org to"),
    ('<video poster="https://a.example.org/p.png"></video>', "add https://a.example.org to"),
    (
        '<audio><source src="https://a.org:81/a.ogg"></audio>',
        "https://a.org:81 to",
    ),
    ('<svg><image href="https://example.org/a.png"/></svg>', "add https://example.org to"),
    ('<div style="background: url(https://example.org/a.png)"></div>', "https://example.org to"),
    ("<style>@import '//example.org/a.css';</style>", "add https://example.org to"),
    ("<script>Plotly.newPlot()</script>", "a script: return a picture"),
    ('<script src="https://cdn.example.org/a.js"></script>', "a script: return a picture"),
    ('<script type="application/vnd.jupyter.widget-view+json">{}</script>', "a script"),
    ('<a href=" JavaScript:run()">Run</a>', "a link with a script"),
    ('<button onclick="run()">Run</button>', "the event handler 'onclick'"),
    ('<object data="a.pdf"></object>', "<object>: use <iframe>"),
    ('<link rel="stylesheet" href="https://example.org/a.css">', "a style sheet of another site"),
]

ALLOWED = [
    '<iframe src="other.html"></iframe><img src="_images/a.png"><video src="a.mp4"></video>',
    '<img src="data:image/png;base64,AAAA">',
    '<audio controls><source src="data:audio/wav;base64,AAAA"></audio>',
    '<a href="https://example.org">A link</a>',
    '<script src="_static/mine.js"></script><script type="application/json">{"a": 1}</script>',
    "<style scoped>.dataframe td {color: red; background: url(a.png)}</style>",
    "<p>&lt;script&gt; and onclick= in text</p>",
]


def messages(html, origins=()):
    return list(blocked(nodes.raw("", html, format="html"), list(origins)))


@pytest.mark.parametrize(("html", "message"), BLOCKED)
def test_blocked_content_is_reported_with_advice(html, message):
    [warning] = messages(html)
    assert warning.startswith("the Content-Security-Policy blocks ")
    assert message in warning


@pytest.mark.parametrize("html", ALLOWED)
def test_other_content_is_not_reported(html):
    assert messages(html) == []


def test_allowed_origins_are_in_the_policy_and_silence_the_warning():
    frame = '<iframe src="https://www.youtube.com/embed/x"></iframe>'
    assert messages(frame, ["https://www.youtube.com"]) == []
    assert messages(frame, ["https://*.youtube.com"]) == []
    assert messages(frame, ["https://youtube.com"])
    assert messages(frame, ["http://www.youtube.com"])
    assert messages('<script src="https://a.org/a.js"></script>', ["https://a.org"])
    image = nodes.image(uri="https://example.org/a.png")
    assert list(blocked(image, []))
    assert list(blocked(image, ["https://example.org"])) == []
    policy = content_security_policy(["https://example.org"])
    for kind in ("frame-src 'self'", "media-src 'self' data:", "img-src 'self' data:"):
        assert f"{kind} https://example.org;" in policy
    assert "example.org" not in policy.partition("style-src")[2].partition(";")[0]
    assert "frame-src" not in content_security_policy([])


@pytest.mark.parametrize("origin", ["example.org", "https://a.org; script-src *", "*", "data:", 3])
def test_an_invalid_origin_is_rejected(origin):
    config = {"gdbook_allow_origins": ["https://example.org", origin]}
    with pytest.raises(ConfigError, match="gdbook_allow_origins must list origins such as"):
        check_origins(None, config)
