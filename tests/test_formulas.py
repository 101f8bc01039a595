"""Formulas: which LaTeX becomes MathML, and the errors for the rest."""

import re

import pytest
from docutils import nodes
from sphinx.errors import ExtensionError

from gdbook.page.formulas import mathml

WORKING = r"""
x_1, \dots, x_n; \cdots \vdots \ddots \ldots
\textbf{bold} \textit{it} \textrm{r} \textsf{s} \texttt{t} \mbox{box} \text{a b}
\bm{w} \boldsymbol{\theta} \mathbf{x}^\top \mathbb{R}^n \mathcal{L} \mathscr{L} \mathfrak{g}
\mathrm{d}x \mathsf{T} \mathtt{code} \mathit{abc}
E = mc^2 \tag{1}
\left( a \middle| b \right) \left. \frac{a}{b} \right|_{x=0} \left\lVert x \right\rVert
\sum_{\substack{i<n\\ j<m}} a
\begin{array}{l|r} a & b \\ \hline c & d \end{array}
\begin{align} a &= b \\ c &= d \end{align}
\begin{align*} a &= b \tag{2} \\ c &= d \end{align*}
\begin{aligned} a &= b \\ c &= d \end{aligned}
\begin{split} a &= b \\ &= d \end{split}
\begin{gather} a \\ b \end{gather} \begin{gathered} a \\ b \end{gathered}
\begin{multline} a \\ b \end{multline}
\begin{equation} a \nonumber \end{equation}
\begin{cases} a & x < 0 \\ b & \text{otherwise} \end{cases}
\begin{matrix} a \end{matrix} \begin{pmatrix} a & b \\ c & d \end{pmatrix}
\begin{bmatrix} a \end{bmatrix} \begin{vmatrix} a \end{vmatrix} \begin{Vmatrix} a \end{Vmatrix}
a &= b \\ &= c
\text{if $x > 0$ or 50\% of it}
\operatorname{rank} A \quad \operatorname*{arg\,min}_{x \in X} f \qquad \argmin_x
\newcommand{\loss}[1]{L(#1)} \loss{w}
\overset{!}{=} \underset{x}{\min} \stackrel{def}{=} \underbrace{a+b}_{n} \overbrace{a+b}^{n}
a \, b \; e \! f \: g \ h ~ i \hspace{1em} j
f'(x) + f''(x) + f^{\prime}
\hat{y} \bar{x} \vec{v} \tilde{x} \dot{x} \ddot{x} \check{x} \acute{x} \mathring{x}
\widehat{xyz} \overline{xyz} \underline{x} \overrightarrow{AB}
\dfrac{a}{b} \tfrac12 \cfrac{a}{b} \binom{n}{k} \sqrt{x} \sqrt[3]{x} \frac{\partial f}{\partial x}
\sum_{i=1}^n \prod_i \int_0^1 \iint \oint \sum\limits_i \bigcup_i \bigoplus
\lim_{x \to 0} \sup \inf \max_x \log \exp \sin \det \Pr
\nabla f \cdot \Delta x \times y \pm z \mp \oplus \otimes \odot
\alpha \beta \gamma \epsilon \varepsilon \eta \theta \vartheta \phi \varphi \Omega
\leq \ge \neq \approx \equiv \sim \propto \ll \gg \in \notin \subset \subseteq \cup \cap \emptyset
\forall \exists \to \Rightarrow \implies \iff \mapsto \gets \xrightarrow{n \to \infty}
\big( \Big( \bigg( \Bigg( \bigl( \bigr) \langle x \rangle \lfloor x \rfloor \lceil x \rceil
\| x \|_2 \lvert x \rvert \infty \ell \hbar \Re \Im
\color{red}{x} \textcolor{blue}{y} \phantom{x} \boxed{x = 1}
\not= \pmod{n} \bmod n \mathop{\mathrm{tr}} A \mathbin{+} \mathrel{=} \coloneqq
\% \$ \# \_ \{ \} 1{,}000 {}_1F_2 x^2_3 90^\circ \checkmark \star \dagger
""".strip().splitlines()

#: Listed in CONTRIBUTING as unsupported: update it if a later math-core supports one.
FAILING = [r"\label{a} x", r"\cancel{x}", r"\smash{x}", r"\begin{alignat}{2} a &= b \end{alignat}"]


def formula(latex, *, block=True):
    node = nodes.math_block(latex, latex) if block else nodes.math(latex, latex)
    node.source, node.line = "page.md", 7
    return mathml(node, as_block=block)


def text_of(markup):
    return re.sub("<[^>]*>", "", markup)


@pytest.mark.parametrize("latex", WORKING)
def test_common_latex_becomes_mathml(latex):
    result = formula(latex)
    assert result.startswith('<math display="block">')
    assert "\\" not in text_of(result)
    assert "menclose" not in result  # unknown to Chromium


@pytest.mark.parametrize("latex", [*FAILING, r"\nonsense", r"\frac{a}", r"\left( x"])
def test_other_latex_is_an_error_with_its_location(latex):
    with pytest.raises(ExtensionError, match=r"^page\.md, line 7: [A-Z].*\. The formula is '"):
        formula(latex)


def test_only_tags_number_lines():
    assert "(1)" not in formula(r"\begin{align} a &= b \\ c &= d \end{align}")
    assert text_of(formula(r"E = mc^2 \tag{3a}")) == "E=mc2(3a)"
    assert text_of(formula(r"a &= b \\ &= c \tag{4}")) == "a=b=c(4)"
    assert formula(r"a &= b \\ &= c").count("<mtr>") == 2


def test_text_keeps_its_spaces_and_formulas():
    assert text_of(formula(r"\text{50\% of it}")) == "50%\xa0of\xa0it"
    assert text_of(formula(r"\text{if $x < 2$, }", block=False)) == "if\xa0x&lt;2,\xa0"


def test_an_overline_needs_no_font():
    result = formula(r"\overline{x^2}", block=False)
    assert '<msup style="border-top: thin solid; padding: 0.1em 0"><mi>x</mi>' in result
