"""What the networks for photographs share: how an ImageNet picture is prepared."""

from cnn.architecture import Preparation

# Mean and standard deviation of the ImageNet training set, per channel, as torchvision uses them.
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_DEVIATION = (0.229, 0.224, 0.225)
CLASSES = 1000


def photograph(size: int) -> Preparation:
    """Colour pictures of size x size pixels."""
    return Preparation(size, IMAGENET_MEAN, IMAGENET_DEVIATION)
