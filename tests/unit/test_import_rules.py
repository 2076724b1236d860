"""The layers hold: read from the syntax trees, so that a rule is broken nowhere, run or not."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOUSE = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py")), *sorted((ROOT / "cnn").rglob("*.py"))]
# Made of torch modules; whoever needs one of these imports it inside a function, as they would torch.
TORCH_AT_IMPORT = {
    "cnn.architectures.modules",
    "cnn.architectures.googlenet_auxiliary",
    "cnn.architectures.standalone",
    *(
        f"cnn.training.{name}"
        for name in (
            "loop",
            "evaluation",
            "losses",
            "sdlm",
            "threads",
            "weights",
            "propagation",
            "shipping",
            "fast_layers",
            "checkpoints",
            "onnx_file",
        )
    ),
    "cnn.training.shift_tolerance",
}
HEAVY = {"torch", "torchvision", "timm"}
FORBIDDEN_MODULES = {"multiprocessing", "pickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
MACHINE_PATH = re.compile(r"""(?:^|[\s"'=(])(/(?:home|root|Users|work|tmp|mnt|opt|var|data)/\w|[A-Za-z]:\\\w)""")


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer(module: str) -> str:
    """pages (app.py included), ui, or pure; "" for what is not ours."""
    if module == "app" or module.split(".")[0] == "pages":
        return "pages"
    if module == "cnn.ui" or module.startswith("cnn.ui."):
        return "ui"
    return "pure" if module.split(".")[0] == "cnn" else ""


def imports(tree: ast.AST, package: str, *, inside_functions: bool = True) -> set[str]:
    """The modules that a file imports, in full; `from cnn import text` counts as both cnn and cnn.text."""
    found = set()
    for node in ast.walk(tree) if inside_functions else at_import(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            found |= {module, *(f"{module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            found |= {str(name.value) for name in node.args[:1] if isinstance(name, ast.Constant)}
    return found


def at_import(tree: ast.AST):
    """The nodes that run when the file is imported: not those inside functions, nor under `if TYPE_CHECKING`."""
    for node in ast.iter_child_nodes(tree):
        deferred = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if deferred or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
            continue
        yield node
        yield from at_import(node)


def uses(modules: set[str], name: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for module in modules)


def broken_rules(file: Path, source: str) -> list[str]:
    """Every rule that this file breaks, in words."""
    tree, module = ast.parse(source), module_name(file)
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    modules, here = imports(tree, package), layer(module)
    rules = {
        "imports streamlit; only app.py, pages/ and cnn/ui may": here == "pure" and uses(modules, "streamlit"),
        "imports cnn.ui from below it": here == "pure" and any(layer(name) == "ui" for name in modules),
        "imports a page": any(layer(name) == "pages" for name in modules),
        "imports torch when it is imported": module not in TORCH_AT_IMPORT
        and any(uses(imports(tree, package, inside_functions=False), name) for name in HEAVY | TORCH_AT_IMPORT),
        "imports a module that starts processes or runs what it reads": any(
            uses(modules, name) for name in FORBIDDEN_MODULES
        ),
        "calls eval, exec or the like": any(
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_CALLS
            for node in ast.walk(tree)
        ),
        "loads pickled arrays or weights": any(
            isinstance(node, ast.keyword)
            and (node.arg, ast.unparse(node.value)) in (("allow_pickle", "True"), ("weights_only", "False"))
            for node in ast.walk(tree)
        ),
        "names a path of one machine": any(
            isinstance(node, ast.Constant) and isinstance(node.value, str) and MACHINE_PATH.search(node.value)
            for node in ast.walk(tree)
        ),
        "is a page of more than 120 lines": file.parent.name == "pages" and len(source.splitlines()) > 120,
        "is app.py with 40 lines or more": file.name == "app.py" and len(source.splitlines()) >= 40,
    }
    return [rule for rule, broken in rules.items() if broken]


@pytest.mark.parametrize("file", HOUSE, ids=module_name)
def test_rules_hold(file):
    assert broken_rules(file, file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("where", "source", "rule"),
    [
        ("cnn/stage.py", "import streamlit as st", "streamlit"),
        ("cnn/figures/svg.py", "def f():\n    from streamlit import cache_data", "streamlit"),
        ("cnn/stage.py", "from cnn import ui", "cnn.ui"),
        ("cnn/figures/svg.py", "from ..ui.state import language", "cnn.ui"),
        ("cnn/ui/frame.py", "import pages.convolution", "page"),
        ("cnn/text.py", "import app", "page"),
        ("cnn/ui/frame.py", "import torch", "torch"),
        ("cnn/layers.py", "if True:\n    from torch import nn", "torch"),
        ("cnn/layers.py", "from cnn.architectures.modules import Subsample", "torch"),
        ("cnn/layers.py", "import importlib\nimportlib.import_module('torch')", "torch"),
        ("cnn/training/jobs.py", "from torch import multiprocessing", "torch"),
        ("cnn/training/jobs.py", "from multiprocessing import Process", "processes"),
        ("cnn/ui/state.py", "import pickle", "reads"),
        ("cnn/ui/state.py", "eval(text)", "eval"),
        ("cnn/datasets.py", "np.load(file, allow_pickle=True)", "pickled"),
        ("cnn/datasets.py", "FOLDER = '/home/anna/mnist'", "path"),
        ("cnn/datasets.py", "FOLDER = r'C:\\mnist'", "path"),
        ("pages/convolution.py", "\n" * 121, "120"),
        ("app.py", "\n" * 40, "40"),
    ],
)
def test_rules_can_be_broken(where, source, rule):
    (broken,) = broken_rules(ROOT / where, source)
    assert rule in broken


@pytest.mark.parametrize(
    "source",
    [
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from torch import nn",
        "def build():\n    from torch import nn",
        "SOURCE = 'https://arxiv.org/abs/1603.07285'",
        "CODE = 'import torch'",
    ],
)
def test_rules_leave_room(source):
    assert broken_rules(ROOT / "cnn" / "layers.py", source) == []


def test_home_loads_no_torch():
    """What the home page imports, in a process of its own. (Plotly's Python is there: Streamlit imports it itself.)"""
    program = f"import sys; import cnn.ui.frame, cnn.ui.home, cnn.ui.boot; print({HEAVY} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
