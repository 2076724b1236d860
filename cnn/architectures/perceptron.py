"""A multilayer perceptron with about as many parameters as LeNet-5: what convolution is compared with.

Every pixel is joined to every hidden unit, so nothing tells the network which pixels are neighbours.
"""

from cnn.architecture import Architecture, Preparation
from cnn.architectures.lenet import MNIST_DEVIATION, MNIST_MEAN
from cnn.layers import Dense, Flatten, ReLU

HIDDEN = 78  # 62,020 parameters; 77 would give 61,225, and today's LeNet-5 has 61,706

PERCEPTRON = Architecture(
    key="perceptron",
    name="Multilayer perceptron",
    year=1986,
    paper="Rumelhart, Hinton & Williams 1986, Learning representations by back-propagating errors, Nature 323",
    differs="Ours in its size, in ReLU and in the loss: it is here to be compared, and learns as LeNet-5 does.",
    input_shape=(1, 28, 28),
    features=(Flatten(),),  # (784,)
    classifier=(Dense("HIDDEN", HIDDEN), ReLU(), Dense("OUTPUT", 10)),
    preparation=Preparation(size=28, mean=(MNIST_MEAN,), deviation=(MNIST_DEVIATION,)),
    initialisation="fan_in",
)
