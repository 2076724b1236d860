"""Both READMEs tell the truth about the repository: its tree, its commands, its links."""

import ast
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh.md")
ROOMS = ("lenet", "envelope", "training", "timeline", "neocognitron")  # packages with a map of their own
PAGES = [*READMES, "CONTRIBUTING.md", *(f"docs/{file.name}" for file in sorted((ROOT / "docs").glob("*.md")))]
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|Users|work|tmp|mnt|opt)/\w")


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def tree(text: str) -> list[str]:
    """The paths in the tree. A line is names, apart by a space, then two spaces or more and what they are.

    "cnn/  the package", "  ui/  Streamlit" -> "cnn/", "cnn/ui/"
    """
    paths, above = [], [""]
    for line in blocks(text, "text")[0].splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        names = re.split(r"\s{2,}", line.strip())[0].split(" ")
        paths += [above[depth] + name for name in names]
        above[depth + 1 :] = [paths[-1]]
    return paths


def commands(text: str) -> list[str]:
    """What the reader is to type, without the comments."""
    lines = "".join(blocks(text, "sh")).splitlines()
    return [re.sub(r"\s+#.*", "", line) for line in lines]


def ignored(name: str) -> bool:
    patterns = [".git/", *read(".gitignore").splitlines()]
    return any(fnmatch(name, pattern.rstrip("/")) for pattern in patterns)


@pytest.mark.parametrize("page", READMES)
def test_the_tree_exists(page):
    paths = tree(read(page))
    missing = [
        path for path in paths if not ((ROOT / path).is_dir() if path.endswith("/") else (ROOT / path).is_file())
    ]
    assert missing == []
    assert len(set(paths)) == len(paths)


@pytest.mark.parametrize("page", READMES)
def test_every_top_level_entry_is_in_the_tree(page):
    entries = {f"{each.name}/" if each.is_dir() else each.name for each in ROOT.iterdir() if not ignored(each.name)}
    assert entries - set(tree(read(page))) == set()


def test_both_say_the_same_commands_and_the_same_tree():
    english, chinese = map(read, READMES)
    assert commands(english) == commands(chinese)
    assert {"make run", "make test"} < set(commands(english))
    assert tree(english) == tree(chinese)


def test_make_knows_the_commands():
    targets = set(" ".join(re.findall(r"^([a-z -]+):", read("Makefile"), re.MULTILINE)).split())
    named = {
        name for page in PAGES for name in re.findall(r"\bmake ([a-z]+(?:-[a-z]+)?)\b(?=[`\s]*(?:#|`|$))", read(page))
    }
    assert {"run", "test", "check", "bench"} <= named <= targets


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    prose = re.sub(r"^```.*?^```|`[^`]*`", "", read(page), flags=re.MULTILINE | re.DOTALL)
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", prose) if not link.startswith("https://")]
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_a_path_of_one_machine(page):
    assert MACHINE.findall(read(page)) == []


def test_a_wrong_tree_is_seen():
    text = (
        "```text\napp.py   home\ncnn/     the package\n  ui/    Streamlit\n    a.py b.py  two\n  c.py\nLICENSE\n```\n"
    )
    assert tree(text) == ["app.py", "cnn/", "cnn/ui/", "cnn/ui/a.py", "cnn/ui/b.py", "cnn/c.py", "LICENSE"]
    assert commands("```sh\nmake run   # opens\n```\n") == ["make run"]
    assert ignored(".venv") and ignored(".git") and not ignored(".github")


@pytest.mark.parametrize("package", ["cnn", *(f"cnn/{room}" for room in ROOMS)])
def test_the_package_map_names_every_module(package):
    """The docstring of the package is the map; a module that it does not name cannot be found."""
    docstring = ast.get_docstring(ast.parse(read(f"{package}/__init__.py"))) or ""
    folder, named = ROOT / package, set(re.findall(r"\w+", docstring))
    modules = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    assert {module for module in modules if not module.startswith("__")} - named == set()
