"""English and Chinese say the same things, nothing is said twice or never, and every number has its place."""

import ast
import re
import string
import tomllib
from pathlib import Path

import jinja2
import pytest
from jinja2 import meta, nodes

from cnn import text
from cnn.lessons import LESSONS
from cnn.text import LANGUAGES, TEXT

ROOT = Path(__file__).parents[2]
BOOKS = sorted({file.name.split(".")[0] for file in TEXT.glob("*.md")} - {"SOURCES"})  # the lessons, home, shared ones
SOURCES = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py")), *sorted((ROOT / "cnn").rglob("*.py"))]
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# A term's other name, in parentheses right after it: "the **kernel** (卷积核)".
BILINGUAL_TERM = re.compile(r"(?<=[\w*”])\*{0,2} \([\u3400-\u9fff·、，\s]+\)")
SAME_IN_BOTH = {"app.name"}  # labels of one language that may lack Han characters: a name is a name


# ------------------------------------------------------------------------------------------------- what a text contains


def block_placeholders(source: str) -> dict[str, set[str]]:
    """The names that each block of a template needs from outside."""
    environment = text._environment()
    found = {}
    for block in environment.parse(source).find_all(nodes.Block):
        alone = nodes.Template(block.body, lineno=1)
        alone.set_environment(environment)
        found[block.name] = meta.find_undeclared_variables(alone)
    return found


def block_bodies(source: str) -> dict[str, str]:
    """What each block says, without the template's own words."""
    found = {}
    for block in text._environment().parse(source).find_all(nodes.Block):
        found[block.name] = "".join(
            part.data
            for output in block.find_all(nodes.Output)
            for part in output.nodes
            if isinstance(part, nodes.TemplateData)
        ).strip()
    return found


def flat(labels, above: str = "") -> dict[str, str]:
    """{"cards.code": "Code", ...}"""
    found = {}
    for name, value in labels.items():
        found |= flat(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value}
    return found


def label_placeholders(label: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(label) if name is not None}


def read(book: str, language: str) -> str:
    return (TEXT / f"{book}.{language}.md").read_text(encoding="utf-8")


def read_labels(language: str) -> dict[str, str]:
    return flat(tomllib.loads((TEXT / f"labels.{language}.toml").read_text(encoding="utf-8")))


# ----------------------------------------------------------------------------------------------- what is wrong with one


def differences(english: dict[str, set[str]], chinese: dict[str, set[str]]) -> list[str]:
    """Names in one language only, and names whose placeholders differ."""
    alone = [f"{name} is in one language only" for name in sorted(english.keys() ^ chinese.keys())]
    apart = [
        f"{name} asks for {sorted(english[name] ^ chinese[name])} in one language only"
        for name in sorted(english.keys() & chinese.keys())
        if english[name] != chinese[name]
    ]
    return alone + apart


def wrong_language(language: str, said: str) -> bool:
    """Chinese without a Han character, or English with one outside a bilingual term."""
    return not HAN.search(said) if language == "zh" else bool(HAN.search(BILINGUAL_TERM.sub("", said)))


def unused(names, spoken: set[str], patterns: list[re.Pattern]) -> list[str]:
    """The names that occur in no source: neither as a string, nor as the end of a path, nor by a pattern."""
    return [name for name in names if name not in spoken and not any(pattern.fullmatch(name) for pattern in patterns)]


# ------------------------------------------------------------------------------------------------ what the sources name


def strings(tree: ast.AST) -> set[str]:
    """Every string literal of a file that could be a name: docstrings and sentences fall out."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[\w.]+|\w+ \w+", node.value)
    }


def arguments(node: ast.AST) -> list[ast.expr]:
    """What is asked for in page.label(...), page.sentence(...), labels.get(...) and labels[...]."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("label", "sentence", "labels.get")):
        return node.args
    return [node.slice] if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "labels" else []


def formatted(tree: ast.AST) -> set[str]:
    """page.label(f"kernels.{named.key}") -> "kernels.{}"; elsewhere only f-strings that begin with a name."""
    asked = {id(part) for node in ast.walk(tree) for argument in arguments(node) for part in ast.walk(argument)}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            path = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            if re.fullmatch(r"\w[\w.{}]*\.[\w.{}]+" if id(node) not in asked else r"[\w.{}]+", path):
                found.add(path)
    return found


def label_patterns(templates: set[str], spoken: set[str]) -> list[re.Pattern]:
    """Every label path that the templates can make: each hole is filled with a name that some source says."""
    names = "|".join(sorted(map(re.escape, (name for name in spoken if "." not in name)), key=len, reverse=True))
    return [
        re.compile(
            "".join(f"(?:{names}|\\d+)" if part == "{}" else re.escape(part) for part in re.split(r"(\{\})", template))
        )
        for template in sorted(templates)
    ]


def tables(tree: ast.AST) -> set[str]:
    """The tables of labels that are handed on whole: page.labels("stage")."""
    return {
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "labels"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def script_names(source: str) -> set[str]:
    """The names that a component's script asks for: `labels.scrub`, or `labels[name]` with the names of its buttons."""
    return set(re.findall(r"\blabels\.(\w+)", source)) | set(re.findall(r"[\"'](\w+)[\"']", source))


TREES = [ast.parse(file.read_text(encoding="utf-8")) for file in SOURCES]
SPOKEN = set().union(*map(strings, TREES))
SPOKEN |= {f"{field}_{side}" for field in SPOKEN for side in ("rows", "columns")}  # the two sliders of controls.pair
PATTERNS = label_patterns(set().union(*map(formatted, TREES)), SPOKEN)
TABLES = set().union(*map(tables, TREES))
SCRIPTS = set().union(
    *(script_names(file.read_text(encoding="utf-8")) for file in (ROOT / "cnn" / "ui" / "components").rglob("*.js"))
)


def used_labels(label: str) -> bool:
    """Whether a label is named in full, made by an f-string, or handed with its table to a script that names it."""
    table, _, name = label.rpartition(".")
    return not unused([label], SPOKEN, PATTERNS) or (table in TABLES and not unused([name], SPOKEN | SCRIPTS, PATTERNS))


# ------------------------------------------------------------------------------------------------------------ the tests


def test_every_lesson_has_its_text():
    assert {"home", *(lesson.key for lesson in LESSONS)} <= set(BOOKS)
    for language in LANGUAGES:
        assert all((TEXT / f"{book}.{language}.md").exists() for book in BOOKS)


@pytest.mark.parametrize("book", BOOKS)
def test_same_blocks_and_placeholders(book):
    assert differences(block_placeholders(read(book, "en")), block_placeholders(read(book, "zh"))) == []


def test_same_labels_and_placeholders():
    english, chinese = ({name: label_placeholders(said) for name, said in read_labels(x).items()} for x in LANGUAGES)
    assert differences(english, chinese) == []


@pytest.mark.parametrize("book", BOOKS)
def test_every_block_is_used(book):
    assert unused(block_placeholders(read(book, "en")), SPOKEN, PATTERNS) == []


def test_every_label_is_used():
    assert [label for label in read_labels("en") if not used_labels(label)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("book", BOOKS)
def test_every_block_says_something_in_its_language(book, language):
    for name, said in block_bodies(read(book, language)).items():
        assert said, f"{name} is empty"
        assert not wrong_language(language, said), f"{name} is not {language}: {said}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_says_something_in_its_language(language):
    labels, english = read_labels(language), read_labels("en")
    assert all(said.strip() for said in labels.values())
    if language == "en":
        assert [name for name, said in labels.items() if wrong_language("en", said)] == []
    else:  # a name may be the same in both: Sobel x
        assert [
            name for name, said in labels.items() if said == english[name] and re.search(r"[a-z]{3} [a-z]{3}", said)
        ] == []


def test_what_is_missing_is_an_error():
    with pytest.raises(KeyError, match="no_such_block"):
        text.block("home", "en", "no_such_block")
    with pytest.raises(KeyError):
        text.label("en", "cards.no_such_label")
    lesson, block = next(
        (book, name) for book in BOOKS for name, needs in block_placeholders(read(book, "en")).items() if needs
    )
    with pytest.raises(jinja2.UndefinedError):
        text.block(lesson, "en", block)


@pytest.mark.parametrize(
    ("asked", "locale", "spoken"),
    [
        (None, "zh-CN", "zh"),
        (None, "zh", "zh"),
        (None, "de-DE", "en"),
        (None, None, "en"),
        (None, "", "en"),
        ("en", "zh-CN", "en"),
        ("zh", "en-US", "zh"),
        ("xx", "zh-TW", "zh"),
        ("<script>", None, "en"),
    ],
)
def test_language_is_chosen(asked, locale, spoken):
    assert text.choose_language(asked, locale) == spoken


# ---------------------------------------------------------------------------------------- each check, seen failing once


def test_a_missing_block_is_seen():
    english, chinese = "{% block a %}x{% endblock %}{% block b %}y{% endblock %}", "{% block a %}x{% endblock %}"
    assert differences(block_placeholders(english), block_placeholders(chinese)) == ["b is in one language only"]


def test_a_missing_placeholder_is_seen():
    english = "{% block a %}{% for n in sizes %}{{ n }}{% endfor %}{{ stride }}{% endblock %}"
    chinese = "{% block a %}{{ sizes }} {% set stride = 2 %}{{ stride }}{% endblock %}"
    assert block_placeholders(english) == {"a": {"sizes", "stride"}}
    assert differences(block_placeholders(english), block_placeholders(chinese)) == [
        "a asks for ['stride'] in one language only"
    ]


def test_a_missing_label_is_seen():
    english, chinese = flat({"a": {"b": "{n}", "c": ""}}), flat({"a": {"b": "{m}"}})
    assert english == {"a.b": "{n}", "a.c": ""}
    said = [{name: label_placeholders(label) for name, label in labels.items()} for labels in (english, chinese)]
    assert differences(*said) == ["a.c is in one language only", "a.b asks for ['m', 'n'] in one language only"]


def test_an_unused_name_is_seen():
    tree = ast.parse('page.label(f"kernels.{key}"); KERNELS = ("sobel", "blur"); page.labels("stage"); "A sentence."')
    patterns = label_patterns(formatted(tree), strings(tree))
    assert unused(["kernels.sobel", "kernels.emboss", "why.sobel", "blur"], strings(tree), patterns) == [
        "kernels.emboss",
        "why.sobel",
    ]
    assert tables(tree) == {"stage"}
    assert not used_labels("stage.no_such_label") and not used_labels("no_such_table.input")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "padding"),
        ("en", "卷积"),
        ("en", "the kernel 卷积核"),
        ("en", "(卷积核) the kernel"),
        ("en", "kernel (一个 kernel)"),
    ],
)
def test_a_wrong_language_is_seen(language, said):
    assert wrong_language(language, said)


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", "填充 padding"), ("en", "padding"), ("en", "the **kernel** (卷积核), over"), ("en", "Pooling (池化)")],
)
def test_a_right_language_passes(language, said):
    assert not wrong_language(language, said)


def test_an_empty_block_is_seen():
    assert block_bodies("{% block a %} {{ x }}\n{% endblock %}{% block b %}{% if x %}yes{% endif %}{% endblock %}") == {
        "a": "",
        "b": "yes",
    }


@pytest.mark.parametrize(
    ("number", "written"), [(60, "60"), (999, "999"), (61706, "61{,}706"), (1234567, "1{,}234{,}567")]
)
def test_thousands_in_a_formula(number, written):
    assert text.grouped(number) == written
